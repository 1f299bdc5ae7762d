package io.carillon.bootstrap;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * File descriptors that are left to this process. While there are few, nobody new is let in: out of
 * them, a peer would wait for an answer that does not come, and the database could not be reached
 * anew. Looked at by one thread at a time, asked by any.
 */
final class Descriptors {
  /** What is kept for the database, files, probes and those who are told to go elsewhere. */
  static final int KEPT = 64;

  private final LongSupplier open;
  private final LongSupplier most;
  private volatile boolean few;

  /**
   * Takes where the numbers come from.
   *
   * @param open how many are open
   * @param most how many may be; negative: not known
   */
  Descriptors(LongSupplier open, LongSupplier most) {
    this.open = open;
    this.most = most;
  }

  /** Those of this process. */
  static Descriptors ofThisProcess() {
    return new Descriptors(Descriptors::open, Descriptors::most);
  }

  /** The limit of this process; negative where the system does not tell. */
  static long most() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : -1;
  }

  private static long open() {
    try {
      return ManagementFactory.getOperatingSystemMXBean()
              instanceof com.sun.management.UnixOperatingSystemMXBean unix
          ? unix.getOpenFileDescriptorCount()
          : 0;
    } catch (InternalError none) {
      return Long.MAX_VALUE; // to count them takes one
    }
  }

  /** Counts; to be called every few seconds, for it costs a microsecond for each that is open. */
  void look() {
    long limit = most.getAsLong();
    few = limit >= 0 && open.getAsLong() > limit - KEPT;
  }

  /** Whether few were left at the last look. */
  boolean few() {
    return few;
  }
}
