package io.carillon.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** On what a benchmark runs, to be printed above its figures. */
final class Machine {
  private Machine() {}

  static String described() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    return "%s: %s %s, %d processors, load %.1f, Java %s"
        .formatted(
            Instant.now().truncatedTo(ChronoUnit.SECONDS),
            system.getName(),
            system.getVersion(),
            system.getAvailableProcessors(),
            system.getSystemLoadAverage(),
            Runtime.version());
  }

  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /**
   * How the processors' time since the machine started was spent, as the kernel of Linux counts.
   */
  record Spent(long all, long idle, long stolen) {
    /** The first line: user, nice, system, idle, iowait, irq, softirq, steal. */
    static Spent now() throws IOException {
      String line;
      try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
        line = lines.findFirst().orElseThrow();
      }
      long[] times =
          Stream.of(line.split(" +")).skip(1).limit(8).mapToLong(Long::parseLong).toArray();
      return new Spent(LongStream.of(times).sum(), times[3] + times[4], times[7]);
    }

    /** Percent of the time wanted since then that the host gave to others. */
    double stolenSince(Spent then) {
      long wanted = all - idle - (then.all - then.idle);
      return 100.0 * (stolen - then.stolen) / Math.max(1, wanted);
    }
  }

  /** How many TCP connections at this port are open, as the kernel of Linux sees it. */
  static long connections(int port) throws IOException {
    // The second column is the server's address, the fourth 01 if the connection is open.
    Pattern open = Pattern.compile("\\s*\\d+: [0-9A-F]+:%04X \\S+ 01 .*".formatted(port));
    long count = 0;
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      try (Stream<String> lines = Files.lines(Path.of(table))) {
        count += lines.filter(line -> open.matcher(line).matches()).count();
      }
    }
    return count;
  }
}
