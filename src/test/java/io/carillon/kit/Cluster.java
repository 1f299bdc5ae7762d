package io.carillon.kit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Several real servers over one database, as processes of their own: what a browser would meet. The
 * build has unpacked the runtime and deployed the WAR before any integration test runs.
 *
 * <p>Most tests take {@link #shared()}, which starts two servers at the first use and stops them
 * when the tests are over; such a test uses rooms of its own and leaves the servers alone. A test
 * that kills, freezes or configures servers starts a cluster of its own and closes it.
 */
public final class Cluster implements AutoCloseable {
  private static final Duration READY = Duration.ofMinutes(10);
  private static final Path RUNTIME =
      Path.of(System.getProperty("carillon.runtime", "target/liberty/wlp"));
  private static final Path OUTPUT = Path.of("target/it");

  private final DatabaseAccess database;
  private final List<LibertyServer> servers;

  private Cluster(DatabaseAccess database, List<LibertyServer> servers) {
    this.database = database;
    this.servers = servers;
  }

  /** The two servers that the tests of this JVM share, in demo mode. */
  public static Cluster shared() {
    return SharedCluster.CLUSTER;
  }

  /**
   * Starts servers in demo mode over a new database and waits until all are ready.
   *
   * @param count how many
   * @param settings environment variables on top, for example {@code CARILLON_STREAM_MAX_AGE}
   */
  public static Cluster start(int count, Map<String, String> settings)
      throws IOException, InterruptedException, TimeoutException {
    return start(TestDatabase.empty(), count, settings);
  }

  /** The same as two neighbours of the one-command run: each lets pages of the other in. */
  public static Cluster neighbours() throws IOException, InterruptedException, TimeoutException {
    return start(
        TestDatabase.empty(),
        RUNTIME.resolve("usr"),
        2,
        ports ->
            Map.of(
                "CARILLON_ALLOWED_ORIGINS",
                ports.stream()
                    .map(port -> "http://127.0.0.1:" + port)
                    .collect(Collectors.joining(","))));
  }

  /** Starts servers in demo mode over a given database, which need not be migrated. */
  public static Cluster start(DatabaseAccess database, int count, Map<String, String> settings)
      throws IOException, InterruptedException, TimeoutException {
    return start(database, RUNTIME.resolve("usr"), count, settings);
  }

  /**
   * Starts servers in demo mode over a new database whose application has the classes of these
   * packages too.
   *
   * @param name of the folder of that application, which no other test uses
   */
  public static Cluster extended(
      String name, int count, Map<String, String> settings, Package... packages)
      throws IOException, InterruptedException, TimeoutException {
    Path user = ExtendedServer.make(RUNTIME, Path.of("target/extended").resolve(name), packages);
    return start(TestDatabase.empty(), user, count, settings);
  }

  /**
   * Starts servers in demo mode over a new database with these files in {@code
   * configDropins/overrides}.
   *
   * @param name of the folder of that configuration, which no other test uses
   */
  public static Cluster configured(
      String name, int count, Map<String, String> settings, Path... dropIns)
      throws IOException, InterruptedException, TimeoutException {
    Path user = ExtendedServer.make(RUNTIME, Path.of("target/extended").resolve(name));
    ExtendedServer.override(user, dropIns);
    return start(TestDatabase.empty(), user, count, settings);
  }

  private static Cluster start(
      DatabaseAccess database, Path user, int count, Map<String, String> settings)
      throws IOException, InterruptedException, TimeoutException {
    return start(database, user, count, ports -> settings);
  }

  private static Cluster start(
      DatabaseAccess database,
      Path user,
      int count,
      Function<List<Integer>, Map<String, String>> settings)
      throws IOException, InterruptedException, TimeoutException {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ports.add(Ports.takeHttp());
    }
    List<LibertyServer> servers = new ArrayList<>();
    Cluster cluster = new Cluster(database, servers);
    try {
      for (int port : ports) {
        Map<String, String> environment = new HashMap<>(database.environment());
        environment.put("CARILLON_DEMO", "true");
        environment.put("CARILLON_INSTANCE_URL", "http://127.0.0.1:" + port + '/');
        environment.putAll(settings.apply(List.copyOf(ports)));
        Path output = OUTPUT.resolve(Integer.toString(port));
        if (environment.containsKey("JVM_ARGS")) {
          Folders.delete(output);
        } else {
          environment.put("JVM_ARGS", WarmStart.options());
          WarmStart.prepare(output);
        }
        LibertyServer server =
            new LibertyServer(RUNTIME, output, "127.0.0.1", port, environment).using(user);
        servers.add(server);
        server.start();
      }
      for (LibertyServer server : servers) {
        server.awaitReady(READY);
      }
      return cluster;
    } catch (IOException | InterruptedException | TimeoutException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** The servers, in the order of their start. */
  public List<LibertyServer> servers() {
    return List.copyOf(servers);
  }

  /** One of the servers. */
  public LibertyServer server(int index) {
    return servers.get(index);
  }

  /** The database under all of them. */
  public DatabaseAccess database() {
    return database;
  }

  /** Waits until a server that was started again answers. */
  public void awaitReady(LibertyServer server)
      throws IOException, InterruptedException, TimeoutException {
    server.awaitReady(READY);
  }

  /** Starts again what has ended, and waits until it is ready; what lives stays. */
  public void startAgain() throws IOException, InterruptedException, TimeoutException {
    List<LibertyServer> ended = servers.stream().filter(server -> !server.isAlive()).toList();
    for (LibertyServer server : ended) {
      server.start();
    }
    for (LibertyServer server : ended) {
      awaitReady(server);
    }
  }

  /** Ends all servers; the database stays. */
  @Override
  public void close() {
    for (LibertyServer server : servers) {
      if (server.isAlive()) {
        server.handle().destroy();
      }
    }
    servers.forEach(LibertyServer::close);
  }

  private static final class SharedCluster {
    private static final Cluster CLUSTER = AtEnd.shared(() -> Cluster.start(2, Map.of()));
  }
}
