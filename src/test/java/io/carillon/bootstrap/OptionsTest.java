package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Settings: their defaults hold, what is wrong is named, and the documentation lists them all. */
class OptionsTest {

  @Test
  void everyDefaultIsValid() {
    Options.ALL.forEach(
        option -> assertDoesNotThrow(() -> option.reader().apply(option.fallback())));
  }

  @Test
  void namesAreUnique() {
    List<String> names = Options.ALL.stream().map(Option::name).toList();
    assertEquals(names.size(), names.stream().distinct().count());
  }

  /** To write the table anew: put what this test expects into the file. */
  @Test
  void theDocumentationListsThem() throws IOException {
    String document = Files.readString(Path.of("docs/settings.md"));
    assertTrue(
        document.contains(Options.table()), () -> "docs/settings.md lacks\n" + Options.table());
  }

  @Test
  void whatIsOutOfRangeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Options.WRITERS.reader().apply("5"));
    assertThrows(IllegalArgumentException.class, () -> Options.WRITERS.reader().apply("two"));
    assertThrows(IllegalArgumentException.class, () -> Options.DEMO.reader().apply("yes"));
    assertThrows(IllegalArgumentException.class, () -> Options.POLL.reader().apply("1s"));
    assertThrows(IllegalArgumentException.class, () -> Options.POLL.reader().apply("PT0S"));
  }

  @Test
  void aListIsSplitAtCommas() {
    assertEquals(
        List.of("https://a.example", "https://b.example"),
        List.copyOf(EdgeOptions.ORIGINS.reader().apply(" https://b.example, https://a.example,")));
    assertTrue(EdgeOptions.ORIGINS.reader().apply("").isEmpty());
    assertFalse(Options.DEMO.reader().apply("false"));
  }
}
