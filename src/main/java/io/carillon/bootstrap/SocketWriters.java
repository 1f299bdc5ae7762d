package io.carillon.bootstrap;

import io.carillon.core.connection.WakeBatch;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Writers to sockets. The tasks that one thread submits within {@link #during} are handed over as
 * one round. The round of a huge room is done by threads of its own, of low priority, so that its
 * readers do not delay everybody else: neither in the queue nor for a processor. A connection has
 * one task in flight at a time, so its order does not depend on who runs it.
 */
final class SocketWriters implements WakeBatch, Executor, AutoCloseable {
  /** Number of tasks from which a round is that of a huge room. */
  static final int HUGE = 256;

  private static final System.Logger LOG = System.getLogger(SocketWriters.class.getName());

  private final WritePool usual;
  private final WritePool huge;

  @SuppressWarnings("ThreadLocalUsage") // one SocketWriters lives as long as its server
  private final ThreadLocal<@Nullable List<Runnable>> gathered = new ThreadLocal<>();

  /**
   * Creates the pools, without threads.
   *
   * @param threads number of threads of each pool
   * @param usual creates the threads for most rounds: platform threads, since they are parked and
   *     woken all the time
   * @param low creates the threads for rounds of huge rooms: platform threads of low priority
   * @param helpers a thread for each task: virtual, so that a stuck one costs little
   */
  SocketWriters(int threads, ThreadFactory usual, ThreadFactory low, Executor helpers) {
    this.usual = new WritePool(threads, usual, helpers);
    this.huge = new WritePool(threads, low, helpers);
  }

  @Override
  public void during(Runnable work) {
    if (gathered.get() != null) {
      work.run();
      return;
    }
    List<Runnable> tasks = new ArrayList<>();
    gathered.set(tasks);
    try {
      work.run();
    } finally {
      gathered.remove();
      handOver(tasks);
    }
  }

  @Override
  public void execute(Runnable task) {
    List<Runnable> gathering = gathered.get();
    if (gathering == null) {
      usual.begin(List.of(task));
    } else {
      gathering.add(task);
    }
  }

  private void handOver(List<Runnable> tasks) {
    if (tasks.isEmpty()) {
      return;
    }
    try {
      (tasks.size() < HUGE ? usual : huge).begin(tasks);
    } catch (RejectedExecutionException stopping) {
      LOG.log(Level.DEBUG, "the instance stops; what was to be written is not", stopping);
    }
  }

  /**
   * Helps rounds that stand still; every {@link WritePool#LOOK_MILLIS}, by one thread at a time.
   */
  void look() {
    usual.look();
    huge.look();
  }

  /** Number of helpers. */
  int spare() {
    return usual.spare() + huge.spare();
  }

  /** Begins no more rounds; those that have begun are done to their end. */
  void shutdown() {
    usual.shutdown();
    huge.shutdown();
  }

  /** Interrupts the writers and forgets what waits. */
  void shutdownNow() {
    usual.shutdownNow();
    huge.shutdownNow();
  }

  /** Waits until all rounds are done. */
  @Override
  public void close() {
    usual.close();
    huge.close();
  }
}
