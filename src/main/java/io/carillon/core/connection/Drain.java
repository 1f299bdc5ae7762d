package io.carillon.core.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Empties an outbox into a sink: one write in flight, everything that waits in the next one. Works
 * for sinks that block and for sinks that answer later, without recursion.
 */
final class Drain implements Runnable {
  private static final int STARTED = 0;
  private static final int PENDING = 1;
  private static final int ENDED = 2;

  private final Outbox outbox;
  private final FrameSink sink;
  private final Executor drainer;
  private final int batchBytes;
  private final Runnable idle;
  private final Runnable broken;
  private final IntConsumer written;

  /**
   * Makes a drain that does not run yet.
   *
   * @param idle run when nothing is left to write
   * @param broken run when the carrier broke
   * @param written told how many frames each good write took
   */
  Drain(
      Outbox outbox,
      FrameSink sink,
      Executor drainer,
      int batchBytes,
      Runnable idle,
      Runnable broken,
      IntConsumer written) {
    this.outbox = outbox;
    this.sink = sink;
    this.drainer = drainer;
    this.batchBytes = batchBytes;
    this.idle = idle;
    this.broken = broken;
    this.written = written;
  }

  /** Starts the writer; only for who was told to by the outbox. */
  void wake() {
    drainer.execute(this);
  }

  @Override
  public void run() {
    List<Runnable> drained = new ArrayList<>(0);
    Write write;
    do {
      List<Frame> batch = outbox.take(batchBytes, drained);
      drained.forEach(Runnable::run);
      drained.clear();
      if (batch.isEmpty()) {
        idle.run();
        return;
      }
      write = new Write(batch.size());
      sink.write(batch, write);
    } while (write.endedAlready());
  }

  /** One write; decides who goes on after it: the loop that began it, or whoever ended it. */
  private final class Write implements FrameSink.Written {
    private final AtomicInteger state = new AtomicInteger(STARTED);
    private final int frames;
    private volatile boolean ok;

    Write(int frames) {
      this.frames = frames;
    }

    @Override
    public void ended(boolean good) {
      ok = good;
      if (good) {
        written.accept(frames);
      }
      if (!state.compareAndSet(STARTED, ENDED)) {
        if (good) {
          wake();
        } else {
          broken.run();
        }
      }
    }

    boolean endedAlready() {
      if (state.compareAndSet(STARTED, PENDING)) {
        return false;
      }
      if (!ok) {
        broken.run();
      }
      return ok;
    }
  }
}
