package io.carillon.bootstrap;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * Watch of the process's free file descriptors. While few are left, new connections are refused:
 * without descriptors a peer would wait for an answer in vain, and a lost database connection could
 * not be reopened. One thread at a time counts, any thread may read.
 */
final class Descriptors {
  /** Reserve for the database, files, probes and refusals. */
  static final int KEPT = 64;

  private final LongSupplier open;
  private final LongSupplier most;
  private volatile boolean few;

  /**
   * Creates a watch.
   *
   * @param open number of open descriptors
   * @param most their limit; negative: not known
   */
  Descriptors(LongSupplier open, LongSupplier most) {
    this.open = open;
    this.most = most;
  }

  /** The watch of this process. */
  static Descriptors ofThisProcess() {
    return new Descriptors(Descriptors::open, Descriptors::most);
  }

  /** The limit of this process; negative if unknown. */
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

  /** Counts the open descriptors, at a microsecond each; call every few seconds. */
  void look() {
    long limit = most.getAsLong();
    few = limit >= 0 && open.getAsLong() > limit - KEPT;
  }

  /** Whether few were left at the last count. */
  boolean few() {
    return few;
  }
}
