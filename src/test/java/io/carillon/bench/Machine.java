package io.carillon.bench;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

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
}
