package io.carillon.kit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs JavaScript on the Node that the browser driver brings along, so that a machine needs none of
 * its own. The driver is on the class path of the integration tests only.
 */
public final class NodeProcess {
  private static final Path TOOLS = Path.of("target/tools");
  private static final long MINUTES = 10;

  private NodeProcess() {}

  /** How a process ended, and all that it wrote. */
  public record Result(int code, String output) {}

  /**
   * Runs Node and waits for it.
   *
   * @param folder where it runs
   * @param environment variables on top
   * @param arguments what it is given
   */
  public static Result run(Path folder, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(Files.createDirectories(TOOLS), "node", ".log");
    ProcessBuilder builder =
        builder(folder, arguments).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
      return new Result(ended ? process.exitValue() : -1, Files.readString(output));
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }

  /**
   * Starts Node and does not wait; what it writes is the caller's to read, and its end too.
   *
   * @param folder where it runs
   * @param arguments what it is given
   */
  public static Process start(Path folder, String... arguments) throws IOException {
    return builder(folder, arguments).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static ProcessBuilder builder(Path folder, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(node().toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).directory(folder.toFile());
  }

  private static synchronized Path node() throws IOException {
    boolean windows = os().contains("win") && !os().contains("darwin");
    String file = windows ? "node.exe" : "node";
    Path node = TOOLS.resolve(file);
    if (!Files.exists(node)) {
      Files.createDirectories(TOOLS);
      String resource = "driver/" + platform(windows) + "/" + file;
      Path unfinished = Files.createTempFile(TOOLS, "node", ".part");
      try (InputStream in = NodeProcess.class.getClassLoader().getResourceAsStream(resource)) {
        if (in == null) {
          throw new IOException("the browser driver has no Node for this machine: " + resource);
        }
        Files.copy(in, unfinished, StandardCopyOption.REPLACE_EXISTING);
      }
      if (!unfinished.toFile().setExecutable(true)) {
        throw new IOException(unfinished + " cannot be made executable");
      }
      Files.move(unfinished, node, StandardCopyOption.ATOMIC_MOVE);
    }
    return node;
  }

  /** The name of the folder that the driver has for this machine. */
  private static String platform(boolean windows) {
    if (windows) {
      return "win32_x64";
    }
    String system = os().contains("mac") ? "mac" : "linux";
    return System.getProperty("os.arch").equals("aarch64") ? system + "-arm64" : system;
  }

  private static String os() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT);
  }
}
