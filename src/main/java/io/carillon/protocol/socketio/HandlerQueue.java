package io.carillon.protocol.socketio;

import io.carillon.core.connection.Mailbox;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Work of one connection in one namespace: tasks of its socket, and of a socket that follows it,
 * run one after another. The length is bounded elsewhere: by the bytes of a peer's messages that
 * wait. Thread-safe.
 */
final class HandlerQueue {
  private final Mailbox mailbox;
  private final SocketHub hub;

  /** Work that is queued or running. */
  private final Set<QueuedWork> waiting = ConcurrentHashMap.newKeySet();

  /** Work for one message, which is done, or dropped, once. */
  private final class QueuedWork {
    private final AtomicReference<@Nullable Runnable> task;
    private final int bytes;
    private final Runnable done;

    QueuedWork(Runnable task, int bytes, Runnable done) {
      this.task = new AtomicReference<>(task);
      this.bytes = bytes;
      this.done = done;
    }

    void run() {
      Runnable mine = task.getAndSet(null);
      if (mine != null) {
        try {
          hub.call(mine);
        } finally {
          over();
        }
      }
    }

    void drop() {
      if (task.getAndSet(null) != null) {
        over();
      }
    }

    private void over() {
      waiting.remove(this);
      done.run();
    }
  }

  /** Creates an empty queue, which runs tasks on the threads of {@code hub}. */
  HandlerQueue(SocketHub hub) {
    this.hub = hub;
    this.mailbox = new Mailbox(hub.threads(), Integer.MAX_VALUE);
  }

  /**
   * Queues a task; what it throws is logged.
   *
   * @param bytes size of the message that it is for; 0: for none, the task is never dropped
   * @param done run afterwards, also if the task is dropped
   */
  void offer(Runnable task, int bytes, Runnable done) {
    QueuedWork work = new QueuedWork(task, bytes, done);
    waiting.add(work);
    if (!mailbox.offer(work::run)) {
      work.drop();
    }
  }

  /**
   * Notes the end of the connection, whose own bound does not hold any more.
   *
   * @param keep whether messages stay queued, if the instance has permits for their bytes; else
   *     they are dropped
   */
  void connectionEnded(boolean keep) {
    int bytes = waiting.stream().mapToInt(work -> work.bytes).sum();
    if (bytes == 0) {
      return;
    }
    if (keep && hub.leftovers().tryAcquire(bytes)) {
      offer(() -> {}, 0, () -> hub.leftovers().release(bytes));
    } else {
      waiting.stream().filter(work -> work.bytes > 0).toList().forEach(QueuedWork::drop);
    }
  }

  /** Whether nothing is queued or running. */
  boolean idle() {
    return waiting.isEmpty();
  }
}
