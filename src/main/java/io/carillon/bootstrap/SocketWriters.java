package io.carillon.bootstrap;

import io.carillon.core.connection.WakeBatch;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Thread pool that writes to sockets. The tasks that one thread submits within {@link #during} are
 * handed over as one round: few tasks are done by one thread, many by all threads, each taking the
 * next. A large round is done in slices, between which other rounds have their turn ({@link
 * RoundQueue}), so that the readers of a huge room do not delay everybody else.
 *
 * <p>No write should block, for only what there is credit for is written. If one blocks all the
 * same, the rest of its round is given to another thread, and if all threads are blocked, helpers
 * are added until some are free again: one slow peer must not stall the others.
 */
final class SocketWriters extends ThreadPoolExecutor implements WakeBatch {
  /** Interval of {@link #look} in milliseconds. */
  static final long LOOK_MILLIS = 50;

  /**
   * Looks without a finished write after which a busy machine is no explanation any more and a
   * warning is logged: 5 s. A helper is added at once, without a log line.
   */
  static final int LONG_WITHOUT_END = 100;

  /** Number of tasks below which waking a second thread costs more than waiting for the first. */
  private static final int WORTH_ANOTHER = 32;

  private static final System.Logger LOG = System.getLogger(SocketWriters.class.getName());

  private final int usual;
  private final Executor helpers;

  @SuppressWarnings("ThreadLocalUsage") // one SocketWriters lives as long as its server
  private final ThreadLocal<@Nullable List<Runnable>> gathered = new ThreadLocal<>();

  private final RoundQueue rounds = new RoundQueue();
  private final Runnable turn = this::turn;
  private final Set<WriteRound> open = ConcurrentHashMap.newKeySet();
  private final LongAdder done = new LongAdder();
  private final AtomicInteger spare = new AtomicInteger();
  private long doneBefore;
  private int looksWithoutEnd;

  /**
   * Creates a pool without threads.
   *
   * @param usual number of threads
   * @param threads creates these: platform threads, since they are parked and woken all the time
   * @param helpers a thread for each task: virtual, so that a stuck one costs little
   */
  SocketWriters(int usual, ThreadFactory threads, Executor helpers) {
    super(usual, usual, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
    this.usual = usual;
    this.helpers = helpers;
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
      begin(List.of(task));
    } else {
      gathering.add(task);
    }
  }

  private void handOver(List<Runnable> tasks) {
    if (tasks.isEmpty()) {
      return;
    }
    try {
      begin(tasks);
    } catch (RejectedExecutionException stopping) {
      LOG.log(Level.DEBUG, "the instance stops; what was to be written is not", stopping);
    }
  }

  private void begin(List<Runnable> tasks) {
    WriteRound round = new WriteRound(tasks);
    open.add(round);
    try {
      queue(round);
      for (int i = 1; i < usual && tasks.size() >= i * WORTH_ANOTHER; i++) {
        queue(round);
      }
    } catch (RejectedExecutionException stopping) {
      open.remove(round);
      throw stopping;
    }
  }

  /** Queues a round for one more thread. */
  private void queue(WriteRound round) {
    rounds.add(round);
    try {
      super.execute(turn);
    } catch (RejectedExecutionException stopping) {
      rounds.remove(round);
      throw stopping;
    }
  }

  /**
   * A placeholder in the pool's queue, one for each queued round; the round is chosen when a thread
   * is free.
   */
  private void turn() {
    WriteRound round = rounds.next();
    if (round == null) {
      return;
    }
    do {
      round.slice(this::runOne);
    } while (round.waits() && !handedOn(round));
    if (!round.waits()) {
      open.remove(round);
    }
  }

  /** Hands the rest of a round to another thread; false: the instance stops. */
  private boolean handedOn(WriteRound round) {
    try {
      queue(round);
      return true;
    } catch (RejectedExecutionException stopping) {
      return false;
    }
  }

  private void runOne(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException defect) {
      LOG.log(Level.ERROR, "a writer failed", defect);
    }
    done.increment();
  }

  /**
   * Gives the rest of rounds that stand still to another thread, and adds a helper if no task has
   * ended since the last look although some wait. By one thread at a time.
   */
  void look() {
    long before = doneBefore;
    doneBefore = done.sum();
    List<WriteRound> waiting = open.stream().filter(WriteRound::waits).toList();
    looksWithoutEnd = waiting.isEmpty() || doneBefore != before ? 0 : looksWithoutEnd + 1;
    if (looksWithoutEnd == LONG_WITHOUT_END) {
      LOG.log(
          Level.WARNING,
          "no write to a socket has ended for {0} ms; {1} more threads write meanwhile"
              + " (carillon_spare_writers)",
          looksWithoutEnd * LOOK_MILLIS,
          spare.get());
    }
    if (waiting.isEmpty()) {
      return;
    }
    try {
      waiting.stream().filter(WriteRound::stands).forEach(this::queue);
      if (doneBefore == before) {
        spare.getAndIncrement();
        helpers.execute(this::help);
      }
    } catch (RejectedExecutionException stopping) {
      LOG.log(Level.DEBUG, "the instance stops", stopping);
    }
  }

  /** Runs queued rounds until one of the usual threads is free. */
  private void help() {
    try {
      boolean needed = true;
      while (needed && !isShutdown()) {
        Runnable next = getQueue().poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null) {
          next.run();
        }
        needed = next != null || getActiveCount() == usual;
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } finally {
      spare.getAndDecrement();
    }
  }

  /** Number of helpers. */
  int spare() {
    return spare.get();
  }
}
