package io.carillon.bootstrap;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The build that is running. */
final class Build {
  private static final String VERSION = read();

  private Build() {}

  /** Its version, as the POM has it; {@code unknown} where it was not put in. */
  static String version() {
    return VERSION;
  }

  private static String read() {
    try (InputStream in = Build.class.getResourceAsStream("/META-INF/carillon-version.txt")) {
      String text = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
      return text.isEmpty() || text.startsWith("$") ? "unknown" : text;
    } catch (IOException e) {
      throw new UncheckedIOException("a resource of the WAR cannot be read", e);
    }
  }
}
