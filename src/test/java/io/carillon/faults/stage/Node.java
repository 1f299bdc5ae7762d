package io.carillon.faults.stage;

import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.Ports;
import io.carillon.kit.Proxy;
import io.carillon.kit.WarmStart;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * One instance with a proxy before it, which its clients use, and one behind it, which it uses for
 * its database. Its methods are called by the fault's thread; {@link #address()} by anyone.
 */
public final class Node implements AutoCloseable {
  private static final Duration READY = Duration.ofMinutes(3);

  private final int index;
  private final LibertyServer server;
  private final Proxy front;
  private final Proxy back;

  Node(int index, Path runtime, Path output, DatabaseAccess database, Map<String, String> settings)
      throws IOException {
    this.index = index;
    int port = Ports.takeHttp();
    back = Proxy.to(database.port());
    Map<String, String> environment =
        new HashMap<>(database.at("127.0.0.1", back.port()).environment());
    environment.put("CARILLON_DEMO", "true");
    environment.put("CARILLON_INSTANCE_NAME", "node-" + index);
    environment.put("JVM_ARGS", "-Xmx768m -XX:TieredStopAtLevel=1 " + WarmStart.archive());
    environment.putAll(settings);
    WarmStart.prepare(output);
    server = new LibertyServer(runtime, output, "127.0.0.1", port, environment);
    front = Proxy.to(port);
    server.start();
  }

  /** Its place among the instances, from 0. */
  public int index() {
    return index;
  }

  /** Where clients reach it: through the proxy. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + front.port() + "/");
  }

  /** The process. */
  public LibertyServer server() {
    return server;
  }

  /** Between its clients and it. */
  public Proxy front() {
    return front;
  }

  /** Between it and its database. */
  public Proxy back() {
    return back;
  }

  /** Waits until it is ready. */
  public void awaitReady() throws IOException, InterruptedException, TimeoutException {
    server.awaitReady(READY);
  }

  /** Ends it with SIGKILL. */
  public void kill() throws InterruptedException {
    server.kill();
  }

  /** Starts it again after it has ended; returns at once. */
  public void start() throws IOException {
    server.start();
  }

  /** The same with one environment variable on top, for this start only. */
  public void start(String name, String value) throws IOException {
    server.start(Map.of(name, value));
  }

  /** Stops its time (SIGSTOP). */
  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets it go on (SIGCONT). */
  public void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int rc = new ProcessBuilder("kill", "-" + name, Long.toString(server.pid())).start().waitFor();
    if (rc != 0) {
      throw new IOException("kill -" + name + " failed");
    }
  }

  @Override
  public void close() {
    server.close();
    front.close();
    back.close();
  }
}
