package io.carillon.core.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Write loop of one connection, from its send queue into its sink: one write in flight, everything
 * that waits in the next one. Works for sinks that block and for sinks that answer later, without
 * recursion. A sink that throws is a broken one.
 */
final class SendLoop implements Runnable {
  private static final int STARTED = 0;
  private static final int PENDING = 1;
  private static final int ENDED = 2;

  private final SendQueue sendQueue;
  private final FrameSink sink;
  private final Executor writers;
  private final int batchBytes;
  private final Runnable idle;
  private final Consumer<@Nullable RuntimeException> broken;
  private final IntConsumer written;

  /**
   * Creates a loop that is not running.
   *
   * @param writers never runs a task on the caller's thread, who may hold locks
   * @param idle run when nothing is left to write
   * @param broken told when the carrier broke, with what it threw if it threw; perhaps on the
   *     thread that called {@link #wake}, if the writers take no task any more
   * @param written told how many frames each good write took
   */
  SendLoop(
      SendQueue sendQueue,
      FrameSink sink,
      Executor writers,
      int batchBytes,
      Runnable idle,
      Consumer<@Nullable RuntimeException> broken,
      IntConsumer written) {
    this.sendQueue = sendQueue;
    this.sink = sink;
    this.writers = writers;
    this.batchBytes = batchBytes;
    this.idle = idle;
    this.broken = broken;
    this.written = written;
  }

  /**
   * Starts the writer; only for who was told to by the send queue.
   *
   * @throws RejectedExecutionException if the writers take no task any more
   */
  void wake() {
    writers.execute(this);
  }

  /** Runs a short task where the writes run. */
  void execute(Runnable task) {
    writers.execute(task);
  }

  @Override
  public void run() {
    try {
      pump();
    } catch (RuntimeException defect) {
      broken.accept(defect);
    }
  }

  private void pump() {
    List<Runnable> awake = new ArrayList<>(0);
    Write write;
    do {
      List<Frame> batch = sendQueue.take(batchBytes, awake);
      awake.forEach(Runnable::run);
      awake.clear();
      if (batch.isEmpty()) {
        sink.idle();
        idle.run();
        return;
      }
      write = new Write(batch.size());
      try {
        sink.write(batch, write);
      } catch (RuntimeException defect) {
        write.mute();
        throw defect;
      }
    } while (write.endedAlready());
  }

  /**
   * One write; decides who goes on after it: the loop that began it, or the thread that ended it.
   */
  private final class Write implements FrameSink.Written {
    private final AtomicInteger state = new AtomicInteger(STARTED);
    private final int frames;
    private volatile boolean ok;

    Write(int frames) {
      this.frames = frames;
    }

    @Override
    public void ended(boolean good) {
      if (state.get() == ENDED) {
        return;
      }
      ok = good;
      int before = state.getAndSet(ENDED);
      if (before == ENDED) {
        return;
      }
      if (good) {
        written.accept(frames);
      }
      if (before == PENDING) {
        goOn(good);
      }
    }

    private void goOn(boolean good) {
      try {
        if (good) {
          wake();
        } else {
          broken.accept(null);
        }
      } catch (RejectedExecutionException late) {
        broken.accept(late);
      }
    }

    /** Completions that the sink still reports for this write are ignored. */
    void mute() {
      state.set(ENDED);
    }

    boolean endedAlready() {
      if (state.compareAndSet(STARTED, PENDING)) {
        return false;
      }
      if (!ok) {
        broken.accept(null);
      }
      return ok;
    }
  }
}
