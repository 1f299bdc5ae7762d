package io.carillon.faults.stage;

import io.carillon.kit.Bootstrap;
import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.Folders;
import io.carillon.kit.PostgresServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;

/**
 * Several instances over one PostgreSQL, and the means to break them. One thread breaks; clients
 * only ask for addresses.
 */
public final class Stage implements AutoCloseable {
  private static final String DATABASE = "carillon";
  private static final String PASSWORD = "faults";

  private final Path folder;
  private final List<Node> nodes = new ArrayList<>();
  private final List<PostgresServer> others = new ArrayList<>();
  private volatile PostgresServer database;

  private Stage(Path folder, PostgresServer database) {
    this.folder = folder;
    this.database = database;
  }

  /**
   * Starts everything and waits until it is ready.
   *
   * @param folder for the data and the logs of this run; emptied first
   * @param runtime the unpacked Liberty with the application
   * @param instances how many
   * @param settings environment variables of the instances on top
   */
  public static Stage start(Path folder, Path runtime, int instances, Map<String, String> settings)
      throws IOException, InterruptedException, SQLException, TimeoutException {
    Folders.delete(folder);
    PostgresServer database = PostgresServer.init(folder.resolve("primary"));
    Stage stage = new Stage(folder, database);
    try {
      database.start();
      Bootstrap.roles(database.superuser("postgres"), PASSWORD, PASSWORD);
      Bootstrap.database(database.superuser("postgres"), DATABASE, "template0");
      for (int i = 0; i < instances; i++) {
        stage.nodes.add(
            new Node(i, runtime, folder.resolve("node-" + i), stage.access(), settings));
      }
      for (Node node : stage.nodes) {
        node.awaitReady();
      }
      return stage;
    } catch (IOException
        | InterruptedException
        | SQLException
        | TimeoutException
        | RuntimeException e) {
      stage.close();
      throw e;
    }
  }

  /** The folder of this run. */
  public Path folder() {
    return folder;
  }

  /** The instances. */
  public List<Node> nodes() {
    return nodes;
  }

  /** The PostgreSQL that is the primary now. */
  public PostgresServer database() {
    return database;
  }

  /** How the instances reach the database, without their proxies. */
  public DatabaseAccess access() {
    return new DatabaseAccess(
        "127.0.0.1", database.port(), DATABASE, Bootstrap.APP, PASSWORD, Bootstrap.OWNER, PASSWORD);
  }

  /** Superuser's connections to the database of the product, past every proxy. */
  public DataSource superuser() {
    return database.superuser(DATABASE);
  }

  /** Runs a statement as superuser in the product's database. */
  public void sql(String statement) throws SQLException {
    try (Connection connection = superuser().getConnection();
        Statement call = connection.createStatement()) {
      call.execute(statement);
    }
  }

  /** Takes another PostgreSQL into its care: it ends with the stage. */
  public void own(PostgresServer other) {
    others.add(other);
  }

  /** Sends all instances to another PostgreSQL from now on, and cuts what is open. */
  public void switchTo(PostgresServer next) {
    others.add(database);
    database = next;
    for (Node node : nodes) {
      node.back().target(next.port());
      node.back().reset();
    }
  }

  /** Ends everything: the instances first. */
  @Override
  public void close() {
    for (Node node : nodes) {
      if (node.server().isAlive()) {
        node.server().handle().destroyForcibly();
      }
    }
    nodes.forEach(Node::close);
    others.forEach(PostgresServer::close);
    database.close();
  }
}
