package io.carillon.bench;

import java.time.Duration;
import java.util.stream.Stream;

/** Processor time of a process and of those that it has started. */
final class Cpu {
  private Cpu() {}

  /** Seconds so far; those of children that have ended are gone. */
  static double seconds(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
        .mapToDouble(
            process -> process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L) / 1e9)
        .sum();
  }
}
