package io.carillon.bench;

import io.carillon.kit.AtEnd;
import io.carillon.kit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts what is not ours: servers, and the tools that install them. */
final class Launch {
  private static final int PATIENCE_SECONDS = 120;

  private Launch() {}

  /** Starts a server and waits until it listens; it ends with this JVM at the latest. */
  static Process start(int port, List<String> command) throws IOException, InterruptedException {
    return start(port, command, Map.of());
  }

  /**
   * The same with some environment variables on top.
   *
   * @throws IOException if it ends or does not listen in time; its words are in target/bench
   */
  static Process start(int port, List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path log = Path.of("target/bench", port + ".log");
    Files.createDirectories(log.getParent());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    AtEnd.close(process::destroy);
    process.getOutputStream().close();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (Ports.isFree("127.0.0.1", port)) {
      if (System.nanoTime() > deadline || process.waitFor(50, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + " does not listen, see " + log);
      }
    }
    return process;
  }

  /**
   * Runs a tool in a folder to its end.
   *
   * @throws IOException if it is not there or fails
   */
  static void run(Path folder, String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).inheritIO();
    if (builder.start().waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed in " + folder);
    }
  }
}
