package io.carillon.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A file of the product stays small enough to be read at once. */
final class FileLengthTest {
  private static final int MOST_LINES = 300;

  @Test
  void noFileOfTheProductIsLong() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(Path.of("src/main/java"))) {
      files = all.filter(file -> file.toString().endsWith(".java")).toList();
    }
    assertFalse(files.isEmpty());
    assertEquals(List.of(), files.stream().filter(FileLengthTest::isLong).toList());
  }

  private static boolean isLong(Path file) {
    try {
      return Files.readAllLines(file).size() > MOST_LINES;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
