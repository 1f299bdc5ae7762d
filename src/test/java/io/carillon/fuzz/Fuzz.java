package io.carillon.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runner of {@code mvn -Pfuzz}: looks for findings with Jazzer, one target after another, each in a
 * process of its own. What is found lies in {@code target/fuzz} and is to be kept in the corpus
 * with its mend; what only covers more may be.
 */
public final class Fuzz {
  private static final Path CORPUS = Path.of("src/test/resources/fuzz");

  private Fuzz() {}

  /**
   * Runs.
   *
   * @param arguments seconds for each target; name of a target, or {@code all}; where to write
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<FuzzTarget> found = new ArrayList<>();
    for (FuzzTarget target : FuzzTarget.values()) {
      String wanted = arguments[1].toUpperCase(Locale.ROOT);
      if (wanted.equals("ALL") || wanted.equals(target.name())) {
        if (!run(target, arguments[0], Path.of(arguments[2]).resolve(target.folder()))) {
          found.add(target);
        }
      }
    }
    if (!found.isEmpty()) {
      throw new AssertionError("findings of " + found + ", see " + arguments[2]);
    }
  }

  private static boolean run(FuzzTarget target, String seconds, Path work)
      throws IOException, InterruptedException {
    Path fresh = Files.createDirectories(work.resolve("corpus"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dcarillon.fuzz.target=" + target.name(),
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzEntry.class.getName(),
                "--instrumentation_includes=io.carillon.**",
                "--reproducer_path=" + work,
                "-max_total_time=" + seconds,
                "-timeout=10",
                "-rss_limit_mb=3000",
                "-max_len=8192",
                "-artifact_prefix=" + work + "/",
                fresh.toString(),
                seeds(target).toString())
            .inheritIO()
            .start();
    return process.waitFor() == 0;
  }

  private static Path seeds(FuzzTarget target) {
    try {
      return Files.createDirectories(CORPUS.resolve(target.folder()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
