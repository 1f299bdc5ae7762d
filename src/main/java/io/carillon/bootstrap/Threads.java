package io.carillon.bootstrap;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of an instance. Blocking work (on the log, a stream, a lock in the database) runs on
 * virtual threads. The few threads that live as long as the instance and are woken all the time are
 * platform threads: to park and wake a virtual one costs more than the work that it does each time.
 * One more runs the timer. All are made here, with the application's class loader: a managed
 * executor would set up and take down a container context for every task of some microseconds.
 */
final class Threads implements AutoCloseable {
  /** As many as the data source {@code jdbc/carillon-live} has connections. */
  private static final int LIVE_READS = 4;

  private final ExecutorService virtual;
  private final ExecutorService platform;
  private final ThreadPoolExecutor fanOut;
  private final ThreadPoolExecutor reads;
  private final SocketWriters writers;
  private final ScheduledThreadPoolExecutor timer;

  /**
   * Creates the executors; threads start with their first task.
   *
   * @param writers how many threads write to sockets
   */
  Threads(int writers) {
    ClassLoader loader = Threads.class.getClassLoader();
    this.virtual =
        Executors.newThreadPerTaskExecutor(
            inLoader(Thread.ofVirtual().name("carillon-", 0).factory(), loader));
    this.platform =
        Executors.newThreadPerTaskExecutor(
            inLoader(Thread.ofPlatform().daemon().name("carillon-task-", 0).factory(), loader));
    int fanOuts = Math.max(2, Runtime.getRuntime().availableProcessors());
    this.fanOut = few(fanOuts, "carillon-fan-", loader);
    this.reads = few(LIVE_READS, "carillon-read-", loader);
    this.writers =
        new SocketWriters(
            writers,
            inLoader(Thread.ofPlatform().daemon().name("carillon-write-", 0).factory(), loader),
            virtual);
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, inLoader(Thread.ofPlatform().daemon().name("carillon-timer").factory(), loader));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    var unused =
        timer.scheduleAtFixedRate(
            this.writers::look,
            SocketWriters.LOOK_MILLIS,
            SocketWriters.LOOK_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  private static ThreadPoolExecutor few(int threads, String name, ClassLoader loader) {
    ThreadFactory factory = inLoader(Thread.ofPlatform().daemon().name(name, 0).factory(), loader);
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            threads, threads, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), factory);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private static ThreadFactory inLoader(ThreadFactory factory, ClassLoader loader) {
    return task -> {
      Thread thread = factory.newThread(task);
      thread.setContextClassLoader(loader);
      return thread;
    };
  }

  /** A virtual thread for each task. */
  Executor virtual() {
    return virtual;
  }

  /** A platform thread for each task: for the few that last as long as the instance. */
  Executor platform() {
    return platform;
  }

  /** A few platform threads for what computes and never waits: telling many readers something. */
  Executor fanOut() {
    return fanOut;
  }

  /**
   * A few platform threads for the reads that move rooms on. A virtual thread that becomes ready
   * waits until all that were ready before it have run: behind the answers of thousands of sockets
   * that is the latency of a small room's event.
   */
  Executor reads() {
    return reads;
  }

  /** The threads that write to sockets. */
  SocketWriters socketWriters() {
    return writers;
  }

  /** One platform thread for short tasks at their time. */
  ScheduledExecutorService timer() {
    return timer;
  }

  /** Runs a short task after a while. */
  void later(Runnable task, Duration delay) {
    if (!timer.isShutdown()) {
      var unused = timer.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Begins a task on a virtual thread after a while, which is kept to the millisecond. */
  void soon(Runnable task, Duration delay) {
    if (!timer.isShutdown()) {
      var unused =
          timer.schedule(() -> virtual.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  /** Starts no more tasks; waits a little for the running ones, then interrupts them. */
  @Override
  public void close() {
    timer.shutdownNow();
    virtual.shutdown();
    platform.shutdown();
    fanOut.shutdown();
    reads.shutdown();
    writers.shutdown();
    try {
      if (!virtual.awaitTermination(3, TimeUnit.SECONDS)) {
        virtual.shutdownNow();
      }
    } catch (InterruptedException e) {
      virtual.shutdownNow();
      Thread.currentThread().interrupt();
    }
    platform.shutdownNow();
    fanOut.shutdownNow();
    reads.shutdownNow();
    writers.shutdownNow();
  }
}
