package io.carillon.bench;

import io.carillon.kit.Bootstrap;
import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL that really writes (fsync, synchronous commit), with an empty database for us. */
final class Database implements AutoCloseable {
  private static final String NAME = "carillon";
  private static final String PASSWORD = "bench";

  /** After so long a session without work has told what it counted. */
  private static final int COUNTED_SECONDS = 11;

  private final PostgresServer server;

  private Database(PostgresServer server) {
    this.server = server;
  }

  /** Makes and starts it in an empty folder. */
  static Database start(Path folder) throws IOException, InterruptedException, SQLException {
    PostgresServer server = PostgresServer.init(folder);
    try {
      server.with("max_wal_size", "4GB").with("shared_buffers", "256MB").start();
      Bootstrap.roles(server.superuser("postgres"), PASSWORD, PASSWORD);
      Bootstrap.database(server.superuser("postgres"), NAME, "template0");
      return new Database(server);
    } catch (IOException | SQLException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** What an instance of ours needs to know. */
  DatabaseAccess access() {
    return new DatabaseAccess(
        "127.0.0.1", server.port(), NAME, Bootstrap.APP, PASSWORD, Bootstrap.OWNER, PASSWORD);
  }

  /** The URL of another database of the same server, for a peer that wants one too. */
  String url() {
    return "postgres://postgres@127.0.0.1:" + server.port() + "/postgres";
  }

  /** The process whose children serve the sessions. */
  long pid() {
    return server.pid();
  }

  /** A session of our database that may do everything. */
  Connection open() throws SQLException {
    return server.superuser(NAME).getConnection();
  }

  /** Transactions of our database so far; waits until idle sessions have told theirs. */
  long transactions() throws SQLException, InterruptedException {
    TimeUnit.SECONDS.sleep(COUNTED_SECONDS);
    String sql =
        "select xact_commit + xact_rollback from pg_stat_database where datname = '" + NAME + "'";
    try (Connection connection = server.superuser("postgres").getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
