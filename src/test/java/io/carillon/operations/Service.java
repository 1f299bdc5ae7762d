package io.carillon.operations;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process as a service manager starts it: another user, and these variables alone. */
final class Service implements AutoCloseable {
  private final Process process;
  private final Path console;

  Service(String user, String command, Map<String, String> variables, Path console)
      throws IOException {
    List<String> words =
        new ArrayList<>(List.of("setpriv", "--reuid", user, "--regid", user, "--clear-groups"));
    words.addAll(List.of(command.split(" ", -1)));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.directory(Path.of("/").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin");
    builder.environment().putAll(variables);
    builder.redirectErrorStream(true).redirectOutput(console.toFile());
    this.console = console;
    this.process = builder.start();
    process.getOutputStream().close();
  }

  String console() throws IOException {
    return Files.readString(console);
  }

  void awaitLine(String words, Duration limit) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!console().contains(words)) {
      if (process.waitFor(200, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
        fail("no line: " + words + "\n" + console());
      }
    }
  }

  /** Sends SIGTERM. */
  void stop() {
    process.destroy();
  }

  /** The status of its end. */
  int awaitEnd(Duration limit) throws IOException, InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      fail("still there\n" + console());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
