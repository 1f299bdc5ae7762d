package io.carillon.bench;

import io.carillon.kit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts a server of somebody else. */
final class Launch {
  private static final int PATIENCE_SECONDS = 30;

  private Launch() {}

  /**
   * Starts a process and waits until it listens.
   *
   * @throws IOException if it ends or does not listen in time; its words are in target/bench
   */
  static Process start(int port, List<String> command) throws IOException, InterruptedException {
    Path log = Path.of("target/bench", port + ".log");
    Files.createDirectories(log.getParent());
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (Ports.isFree("127.0.0.1", port)) {
      if (System.nanoTime() > deadline || process.waitFor(50, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + " does not listen, see " + log);
      }
    }
    return process;
  }
}
