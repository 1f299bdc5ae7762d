package io.carillon.observability;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.function.LongSupplier;

/** Processor and heap figures of this JVM. Read by one thread at a time. */
final class ProcessFigures {
  private static final double MEBIBYTE = 1 << 20;

  private final LongSupplier nanoTime;
  private long lastCpu;
  private long lastTime;

  ProcessFigures(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastCpu = cpuNanos();
    this.lastTime = nanoTime.getAsLong();
  }

  /** Processor cores used on average since the last call; 1.0 is one core fully used. */
  double cores() {
    long cpu = cpuNanos();
    long time = nanoTime.getAsLong();
    double cores = time > lastTime ? (double) (cpu - lastCpu) / (time - lastTime) : 0;
    lastCpu = cpu;
    lastTime = time;
    return Math.max(0, cores);
  }

  /** Heap in use, in MiB. */
  double heapUsed() {
    return heap().getUsed() / MEBIBYTE;
  }

  /** Heap reserved from the system, in MiB. */
  double heapCommitted() {
    return heap().getCommitted() / MEBIBYTE;
  }

  private static MemoryUsage heap() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
  }

  private static long cpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }
}
