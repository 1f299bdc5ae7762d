package io.carillon.bench;

import io.carillon.kit.Folders;
import io.carillon.kit.Ports;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * The container that ours runs on with a bare broadcast over its own WebSocket API: no order over
 * publishers, no log, no limits, and a reader that stands still holds up its room. The price of the
 * container, not a design.
 */
final class RawLiberty {
  private static final Path SOURCES = Path.of("src/test/bench/peers/liberty");
  private static final Path OPTIONS = Path.of("src/main/liberty/config/jvm.options");
  private static final Path FOLDER = Path.of("target/bench/raw");
  private static final String READY = "ready.txt";
  private static final int PATIENCE_SECONDS = 300;

  private RawLiberty() {}

  /**
   * Compiles, packs and starts it; waits until the application answers.
   *
   * @param runtime the Liberty that ours runs on; nothing is written into it
   * @param flags further flags of the JVM, on top of those that ours has in production
   */
  static Peer start(Path runtime, String flags) throws IOException, InterruptedException {
    Folders.delete(FOLDER);
    Path server = FOLDER.resolve("usr/servers/raw");
    Files.createDirectories(server.resolve("apps"));
    Files.copy(SOURCES.resolve("server.xml"), server.resolve("server.xml"));
    Files.copy(OPTIONS, server.resolve("jvm.options"));
    pack(compile(), server.resolve("apps/raw.war"));
    int port = Ports.takeHttp();
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME", System.getProperty("java.home"),
            "JVM_ARGS", flags,
            "WLP_USER_DIR", FOLDER.resolve("usr").toAbsolutePath().toString(),
            "WLP_OUTPUT_DIR", FOLDER.resolve("output").toAbsolutePath().toString(),
            "RAW_PORT", "" + port);
    String script = runtime.resolve("bin/server").toAbsolutePath().toString();
    Process process = Launch.start(port, List.of(script, "run", "raw"), environment);
    try {
      awaitReady(port);
    } catch (IOException | InterruptedException e) {
      process.destroy();
      throw e;
    }
    return Peer.alone("liberty raw", port, process, Dialects.BARE, true);
  }

  private static Path compile() throws IOException {
    Path classes = Files.createDirectories(FOLDER.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream words = new ByteArrayOutputStream();
    int result =
        compiler.run(
            null,
            words,
            words,
            "--release",
            "21",
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString(),
            SOURCES.resolve("Broadcast.java").toString());
    if (result != 0) {
      throw new IOException(words.toString(StandardCharsets.UTF_8));
    }
    return classes;
  }

  private static void pack(Path classes, Path war) throws IOException {
    String name = "raw/Broadcast.class";
    try (JarOutputStream archive = new JarOutputStream(Files.newOutputStream(war))) {
      archive.putNextEntry(new JarEntry("WEB-INF/classes/" + name));
      archive.write(Files.readAllBytes(classes.resolve(name)));
      archive.putNextEntry(new JarEntry(READY));
      archive.write("ready".getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** The port is open before the application is there. */
  private static void awaitReady(int port) throws IOException, InterruptedException {
    HttpRequest ask =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + READY)).build();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (http.send(ask, HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
        if (System.nanoTime() > deadline) {
          throw new IOException("the bare broadcast does not start, see " + FOLDER);
        }
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
  }
}
