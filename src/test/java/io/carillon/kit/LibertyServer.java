package io.carillon.kit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * One Liberty process, started from an unpacked runtime in which the server {@code carillon} with
 * the application is deployed. Several may run from one runtime: each has its own output folder.
 *
 * <p>The start script replaces itself by the server's JVM, so {@link #pid()} is the server and may
 * be killed. Not thread-safe.
 */
public final class LibertyServer implements AutoCloseable {
  /**
   * For {@code JVM_ARGS}: the quick compiler and the serial collector. Two servers on two cores
   * start in less than half the time and the first minutes are as fast; see docs/decisions/0012.
   */
  public static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private static final Duration PROBE = Duration.ofMillis(200);

  private static final Set<Process> STARTED = ConcurrentHashMap.newKeySet();

  private final Path runtime;
  private final Path output;
  private final String host;
  private final int port;
  private final Map<String, String> environment;
  private List<String> launcher = List.of();
  private Path user;
  private Process process;

  /**
   * Describes a server; nothing is started yet.
   *
   * @param runtime the unpacked {@code wlp} folder
   * @param output where this process keeps its work area and logs
   * @param port HTTP port; HTTPS is 363 above
   * @param environment what the server's variables are set from, on top of this JVM's own
   */
  public LibertyServer(
      Path runtime, Path output, String host, int port, Map<String, String> environment) {
    this.runtime = runtime.toAbsolutePath();
    this.user = this.runtime.resolve("usr");
    this.output = output.toAbsolutePath();
    this.host = host;
    this.port = port;
    this.environment = Map.copyOf(environment);
  }

  /** Lets another command start the server; it must replace itself by what it is given. */
  public LibertyServer through(String... command) {
    launcher = List.of(command);
    return this;
  }

  /** Takes the server and its application from another user directory than the runtime's own. */
  public LibertyServer using(Path userDirectory) {
    user = userDirectory.toAbsolutePath();
    return this;
  }

  /** Starts the process with the JDK that runs this code; returns at once. */
  public void start() throws IOException {
    start(Map.of());
  }

  /** The same with some environment variables on top, for this start only. */
  public void start(Map<String, String> more) throws IOException {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException("already running: " + process.pid());
    }
    Files.createDirectories(output);
    List<String> command = new ArrayList<>(launcher);
    command.addAll(List.of(runtime.resolve("bin/server").toString(), "run", "carillon"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(output.toFile());
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    variables.put("WLP_USER_DIR", user.toString());
    variables.put("WLP_OUTPUT_DIR", output.toString());
    variables.put("CARILLON_HOST", host);
    variables.put("CARILLON_HTTP_PORT", Integer.toString(port));
    variables.put("CARILLON_HTTPS_PORT", Integer.toString(httpsPort()));
    variables.put("WLP_LOGGING_CONSOLE_LOGLEVEL", "ERROR");
    variables.putAll(more);
    builder.environment().putAll(variables);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.to(console().toFile()));
    process = builder.start();
    process.getOutputStream().close();
    STARTED.add(process);
    var unused = process.onExit().thenAccept(STARTED::remove);
  }

  /** Ends every server that this JVM has started (SIGKILL): for the end of the JVM itself. */
  static void killAll() {
    STARTED.forEach(Process::destroyForcibly);
  }

  /**
   * Waits until readiness is 200.
   *
   * @throws IOException if the process ended before or the application failed to start, with the
   *     end of its log
   * @throws TimeoutException if it is not ready in time
   */
  public void awaitReady(Duration limit)
      throws IOException, InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + limit.toNanos();
    HttpRequest request =
        HttpRequest.newBuilder(management("/health/ready")).timeout(Duration.ofSeconds(5)).build();
    String last = "no answer";
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (System.nanoTime() < deadline) {
        if (process.waitFor(PROBE.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IOException("the server at " + uri("/") + " ended at its start:\n" + tail());
        }
        if (applicationFailed()) {
          throw new IOException(
              "the application at " + uri("/") + " did not start:\n" + firstError() + tail());
        }
        try {
          HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
          if (answer.statusCode() == 200) {
            return;
          }
          last = answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
          last = String.valueOf(e.getMessage());
        }
      }
    }
    throw new TimeoutException(
        "not ready after %d s: %s%n%s".formatted(limit.toSeconds(), last, tail()));
  }

  /** Waits until the HTTP port takes connections, whether ready or not. */
  public void awaitPort(Duration limit) throws InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(literal(host), port), 1000);
        return;
      } catch (IOException closed) {
        if (System.nanoTime() > deadline) {
          throw new TimeoutException("no connection to " + uri("/") + ": " + closed);
        }
        Thread.sleep(PROBE.toMillis());
      }
    }
  }

  /** An address at this server, for example {@code uri("/health/ready")}. */
  public URI uri(String path) {
    return URI.create("http://" + literal(host) + ":" + port + path);
  }

  /** The same where health and metrics are: at the port of their own, if they have one. */
  public URI management(String path) {
    String own = environment.getOrDefault("CARILLON_MANAGEMENT_PORT", Integer.toString(port));
    return URI.create("http://" + literal(host) + ":" + own + path);
  }

  /** The address of its WebSocket endpoint. */
  public URI webSocket() {
    return URI.create("ws://" + literal(host) + ":" + port + "/ws");
  }

  /** HTTP port. */
  public int port() {
    return port;
  }

  /** HTTPS port: HTTP + 363. */
  public int httpsPort() {
    return port + 363;
  }

  /** Process id of the server's JVM. */
  public long pid() {
    return process.pid();
  }

  /** The running process. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** True while the process lives. */
  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** What the process wrote on its console. */
  public Path console() {
    return output.resolve("console.log");
  }

  /** The server's own log. */
  public Path messages() {
    return output.resolve("carillon/logs/messages.log");
  }

  /** Asks the process to end (SIGTERM) and waits; false if it is still there after the limit. */
  public boolean terminate(Duration limit) throws InterruptedException {
    if (process == null) {
      return true;
    }
    process.destroy();
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Waits until the process ends by itself.
   *
   * @return its exit status; -1 if it is still there after the limit
   */
  public int awaitEnd(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : -1;
  }

  /** Ends the process at once (SIGKILL); it may be started again. */
  public void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  /** Ends the process, politely first. */
  @Override
  public void close() {
    try {
      if (!terminate(Duration.ofSeconds(20))) {
        kill();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** The last lines of the console and of the log, for a message to a person. */
  public String tail() {
    return lastLines(console(), 20) + lastLines(messages(), 40);
  }

  /** CWWKZ0002E and CWWKZ0004E are what Liberty says of an application that failed to start. */
  private boolean applicationFailed() throws IOException {
    return !firstError().isEmpty();
  }

  private String firstError() throws IOException {
    if (!Files.isReadable(console())) {
      return "";
    }
    try (Stream<String> lines = Files.lines(console())) {
      return lines
          .filter(line -> line.contains("CWWKZ0002E") || line.contains("CWWKZ0004E"))
          .findFirst()
          .map(line -> line + "\n")
          .orElse("");
    }
  }

  private static String lastLines(Path file, int count) {
    if (!Files.isReadable(file)) {
      return "";
    }
    try {
      List<String> lines = Files.readAllLines(file);
      int from = Math.max(0, lines.size() - count);
      return file + ":\n  " + String.join("\n  ", lines.subList(from, lines.size())) + "\n";
    } catch (IOException e) {
      return file + ": " + e + "\n";
    }
  }

  /** Turns a listen address into one that can be connected to. */
  private static String literal(String host) {
    return switch (host) {
      case "*", "0.0.0.0" -> "127.0.0.1";
      default -> host.contains(":") ? "[" + host + "]" : host;
    };
  }
}
