package io.carillon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A C program of {@code src/test/bench}, built when it is first needed. */
final class Tool {
  private static final Path SOURCES = Path.of("src/test/bench");
  private static final Path BUILT = Path.of("target/bench");

  private Tool() {}

  /**
   * Builds a program if its source is newer than what was built before.
   *
   * @throws IllegalStateException if there is no C compiler, or it fails
   */
  static Path built(String name) throws IOException, InterruptedException {
    Path source = SOURCES.resolve(name + ".c");
    Path program = BUILT.resolve(name).toAbsolutePath();
    if (Files.exists(program)
        && Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(source)) > 0) {
      return program;
    }
    Files.createDirectories(BUILT);
    List<String> command = List.of("cc", "-O2", "-o", program.toString(), source.toString());
    Process compiler;
    try {
      compiler = new ProcessBuilder(command).inheritIO().start();
    } catch (IOException e) {
      throw new IllegalStateException(
          "The load generator is a C program for Linux; it needs a compiler called cc.", e);
    }
    if (compiler.waitFor() != 0) {
      throw new IllegalStateException("cannot compile " + source);
    }
    return program;
  }
}
