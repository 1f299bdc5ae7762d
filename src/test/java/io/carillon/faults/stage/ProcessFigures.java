package io.carillon.faults.stage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a process holds, from outside: Linux tells it in /proc; elsewhere only the live heap. */
public final class ProcessFigures {
  private static final Pattern LIVE = Pattern.compile("^Total +\\d+ +(\\d+)", Pattern.MULTILINE);

  private ProcessFigures() {}

  /**
   * Measures a JVM: {@code descriptors}, {@code threads} and {@code heap} (bytes of live objects,
   * after a full collection).
   */
  public static Map<String, Long> of(long pid) {
    Map<String, Long> figures = new HashMap<>();
    Path process = Path.of("/proc", Long.toString(pid));
    try (Stream<Path> descriptors = Files.list(process.resolve("fd"));
        Stream<Path> threads = Files.list(process.resolve("task"))) {
      figures.put("descriptors", descriptors.count());
      figures.put("threads", threads.count());
    } catch (IOException notLinux) {
      figures.remove("descriptors");
    }
    live(pid, figures);
    return figures;
  }

  private static void live(long pid, Map<String, Long> figures) {
    try {
      Process histogram =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                  Long.toString(pid),
                  "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String text = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (histogram.waitFor(30, TimeUnit.SECONDS)) {
        Matcher total = LIVE.matcher(text);
        if (total.find()) {
          figures.put("heap", Long.parseLong(total.group(1)));
        }
      }
    } catch (IOException e) {
      figures.remove("heap");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
