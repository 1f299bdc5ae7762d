package io.carillon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Processor time of a process and of those that it has started, as the kernel of Linux counts. */
final class Cpu {
  /** The kernel tells programs hundredths of seconds, however it counts by itself. */
  private static final double TICKS = 100;

  /**
   * Behind the name: time of its own as a program and in the kernel, and that of ended children.
   */
  private static final int FIRST = 11;

  private static final int LAST = 14;

  private Cpu() {}

  /** Seconds so far; those of children that have ended stay in it. */
  static double seconds(long pid) throws IOException {
    LongStream pids =
        ProcessHandle.of(pid).stream()
            .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
            .mapToLong(ProcessHandle::pid);
    long ticks = 0;
    for (long each : pids.toArray()) {
      ticks += ticks(each);
    }
    return ticks / TICKS;
  }

  private static long ticks(long pid) throws IOException {
    String stat;
    try {
      stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    } catch (IOException unreadable) {
      if (ProcessHandle.of(pid).isPresent()) {
        throw unreadable;
      }
      return 0;
    }
    // A name may hold spaces and parentheses.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", LAST + 2);
    long ticks = 0;
    for (int i = FIRST; i <= LAST; i++) {
      ticks += Long.parseLong(fields[i]);
    }
    return ticks;
  }
}
