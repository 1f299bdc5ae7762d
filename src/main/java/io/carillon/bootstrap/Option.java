package io.carillon.bootstrap;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;

/**
 * Setting: its MicroProfile Config property, default, meaning and parser.
 *
 * @param name the property, {@code carillon.…} or {@code mp.jwt.verify.…}
 * @param fallback the default as text; empty: none
 * @param meaning one sentence for the table of settings
 * @param reader parses the text; throws an {@link IllegalArgumentException} with the fault
 */
record Option<T>(String name, String fallback, String meaning, Function<String, T> reader) {

  static Option<String> text(String name, String fallback, String meaning) {
    return new Option<>(name, fallback, meaning, String::strip);
  }

  static Option<String> choice(String name, String fallback, String meaning, String... words) {
    String list = String.join(", ", words);
    return new Option<>(
        name, fallback, meaning + " (" + list + ")", text -> readChoice(text, List.of(words)));
  }

  /** A file that can be read, or empty. */
  static Option<String> file(String name, String meaning) {
    return new Option<>(name, "", meaning, Option::readFile);
  }

  /** An address of http or https that ends with a slash, or empty. */
  static Option<String> url(String name, String meaning) {
    return new Option<>(name, "", meaning, Option::readUrl);
  }

  static Option<Boolean> flag(String name, boolean fallback, String meaning) {
    return new Option<>(name, Boolean.toString(fallback), meaning, Option::readFlag);
  }

  static Option<Integer> number(String name, int fallback, int min, int max, String meaning) {
    String range = " (" + min + "–" + max + ")";
    return new Option<>(
        name, Integer.toString(fallback), meaning + range, text -> readNumber(text, min, max));
  }

  static Option<Duration> time(
      String name, String fallback, Duration min, Duration max, String meaning) {
    String range = " (" + min + " to " + max + ")";
    return new Option<>(name, fallback, meaning + range, text -> readTime(text, min, max));
  }

  static Option<Set<String>> list(String name, String meaning) {
    return new Option<>(name, "", meaning, Option::readList);
  }

  /**
   * The setting's value.
   *
   * @throws IllegalArgumentException naming the property, never its value (it may be a secret)
   */
  T of(Config config) {
    String text = config.getOptionalValue(name, String.class).orElse(fallback);
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  /** Whether the reader takes a text. */
  boolean isGood(String text) {
    try {
      return reader.apply(text) != null;
    } catch (IllegalArgumentException wrong) {
      return false;
    }
  }

  private static String readChoice(String text, List<String> words) {
    String word = text.strip();
    if (!words.contains(word)) {
      throw new IllegalArgumentException("must be one of " + String.join(", ", words));
    }
    return word;
  }

  private static String readFile(String text) {
    String path = text.strip();
    if (!path.isEmpty() && !Files.isReadable(Path.of(path))) {
      throw new IllegalArgumentException("there is no such file that this process may read");
    }
    return path;
  }

  private static String readUrl(String text) {
    String url = text.strip();
    try {
      URI address = new URI(url);
      boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
      if (url.isEmpty() || (web && address.getHost() != null && address.getQuery() == null)) {
        return url.isEmpty() || url.endsWith("/") ? url : url + '/';
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("must be an http or https address", e);
    }
    throw new IllegalArgumentException("must be an http or https address");
  }

  private static Boolean readFlag(String text) {
    return switch (text.strip()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("must be true or false");
    };
  }

  private static int readNumber(String text, int min, int max) {
    try {
      int value = Integer.parseInt(text.strip());
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be a whole number", e);
    }
    throw new IllegalArgumentException("must be " + min + " to " + max);
  }

  private static Duration readTime(String text, Duration min, Duration max) {
    try {
      Duration value = Duration.parse(text.strip());
      if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0) {
        return value;
      }
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("must be a duration such as PT5S or P1D", e);
    }
    throw new IllegalArgumentException("must be " + min + " to " + max);
  }

  static Set<String> readList(String text) {
    Set<String> items = new TreeSet<>();
    for (String item : text.split(",", -1)) {
      if (!item.isBlank()) {
        items.add(item.strip());
      }
    }
    return items;
  }
}
