package io.carillon.operations;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Commands as an operator types them. */
final class Shell {
  private Shell() {}

  static boolean has(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Lets other users pass through a folder. */
  static void openToOthers(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /**
   * Runs a script without a terminal; every command of it must succeed.
   *
   * @param environment on top of this process's
   * @param places what stands for what in the script
   */
  static String run(String script, Map<String, String> environment, Map<String, String> places)
      throws IOException, InterruptedException {
    String there = script;
    for (Map.Entry<String, String> place : places.entrySet()) {
      there = there.replace(place.getKey(), place.getValue());
    }
    return run(List.of("bash", "-euo", "pipefail", "-c", there), environment);
  }

  static String run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
      throw new IOException(command + ": " + said);
    }
    return said;
  }
}
