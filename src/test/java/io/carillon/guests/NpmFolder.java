package io.carillon.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Packages of npm that a test speaks with, installed into the target folder at the first use. */
public final class NpmFolder {
  private static final Path SOURCES = Path.of("src/test/guests");
  private static final Path INSTALLED = Path.of("target/guests");
  private static final Path CLIENT = Path.of("target/npm");
  private static final long MINUTES = 5;
  private static final Pattern UNREACHABLE =
      Pattern.compile("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTCACHED|E403");

  private NpmFolder() {}

  /** The folder of a guest, with its scripts and what its {@code package.json} names. */
  public static synchronized Path of(String guest) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(INSTALLED.resolve(guest));
    Path sources = SOURCES.resolve(guest);
    Path packages = folder.resolve("package.json");
    boolean same =
        Files.exists(folder.resolve("node_modules"))
            && Files.exists(packages)
            && Files.mismatch(sources.resolve("package.json"), packages) < 0;
    copy(sources, folder);
    if (!same) {
      install(folder);
    }
    return folder;
  }

  /** The same with our own package in it, as the build leaves it. */
  public static Path withClient(String guest) throws IOException, InterruptedException {
    Path folder = of(guest);
    copy(CLIENT, folder.resolve("node_modules/carillon-client"));
    return folder;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else if (!Files.exists(copy) || Files.mismatch(file, copy) >= 0) {
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static void install(Path folder) throws IOException, InterruptedException {
    Path output = folder.resolve("npm.log");
    Process npm;
    try {
      npm =
          new ProcessBuilder(
                  List.of(
                      "npm",
                      "install",
                      "--prefer-offline",
                      "--no-audit",
                      "--no-fund",
                      "--ignore-scripts"))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException noNpm) {
      Assumptions.abort("no npm is installed on this machine");
      throw noNpm;
    }
    try {
      int code = npm.waitFor(MINUTES, TimeUnit.MINUTES) ? npm.exitValue() : -1;
      String log = Files.readString(output);
      // As without npm: a machine that is not on a network builds and says what it left out.
      Assumptions.assumeFalse(
          code != 0 && UNREACHABLE.matcher(log).find(), "the npm registry cannot be reached");
      assertEquals(0, code, () -> "npm install failed, see " + output);
    } finally {
      npm.destroyForcibly();
    }
  }
}
