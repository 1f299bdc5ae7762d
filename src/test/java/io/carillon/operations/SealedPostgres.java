package io.carillon.operations;

import io.carillon.kit.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** A PostgreSQL that asks everybody but its superuser for a password, over TLS alone. */
final class SealedPostgres implements AutoCloseable {
  private final PostgresServer server;

  SealedPostgres(Path data, Authority authority) throws IOException, InterruptedException {
    server = PostgresServer.init(data);
    Files.writeString(
        data.resolve("pg_hba.conf"),
        """
        host all postgres localhost trust
        hostssl all all localhost scram-sha-256
        """);
    server
        .with("ssl", "on")
        .with("ssl_cert_file", authority.certificate().toString())
        .with("ssl_key_file", authority.key().toString())
        .start();
  }

  int port() {
    return server.port();
  }

  /** What {@code psql} goes by, and a script's own variables. */
  Map<String, String> administrator(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("PGHOST", "127.0.0.1");
    environment.put("PGPORT", Integer.toString(port()));
    environment.put("PGUSER", "postgres");
    return environment;
  }

  /** How many sessions there are of this kind, by an SQL condition on both of the views. */
  long sessions(String condition) throws SQLException {
    try (Connection connection = server.superuser("postgres").getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)"
                    + " WHERE application_name LIKE 'carillon%' AND "
                    + condition)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
