package io.carillon.core.connection;

import io.carillon.core.CloseCode;
import io.carillon.core.Delivery;
import io.carillon.core.Identity;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * End of one connection, from the first decision to close it until its carrier is closed. The first
 * decision wins, and so does the first end; it is told once. Thread-safe but for {@link #tick}.
 */
final class ConnectionEnd {
  /** How many ticks a closing connection may take to write what is queued. */
  private static final int LINGER_TICKS = 5;

  /** How many ticks until the carrier is closed even though a write has not ended. */
  private static final int LOST_TICKS = 30;

  private static final System.Logger LOG = System.getLogger(ConnectionEnd.class.getName());

  private final Connection connection;
  private final SendQueue sendQueue;
  private final FrameEncoder encoder;
  private final FrameSink sink;
  private final EndListener listener;
  private final AtomicReference<@Nullable Decision> decision = new AtomicReference<>();
  private final AtomicReference<@Nullable CloseCode> over = new AtomicReference<>();

  /**
   * Whether the last frames are queued: an empty queue before that does not mean that all is said.
   */
  private volatile boolean queued;

  private int ticks;

  /** Registry of connections, which is told how they end. Called on any thread, without a lock. */
  interface EndListener {
    /**
     * Its peer has shown whose it is, perhaps as before.
     *
     * @throws io.carillon.core.RefusedException if that user has too many
     */
    default void identified(Identity fresh) {}

    /**
     * The connection is over; told once.
     *
     * @param closes whether the close of its carrier is on its way; {@link #closed} follows then
     */
    void ended(Connection connection, CloseCode code, boolean closes);

    /** The carrier of a connection that is over has closed; told once or more. */
    void closed(Connection connection);
  }

  /** How it ends; {@code atOnce}: what was not written yet is dropped, however far it is. */
  private record Decision(CloseCode code, String reason, boolean atOnce) {}

  private static final Decision UNREAD = new Decision(CloseCode.OVERLOAD, "not read in time", true);

  /**
   * Decides nothing yet.
   *
   * @param listener told when the connection is over, and when its carrier has closed
   */
  ConnectionEnd(
      Connection connection,
      SendQueue sendQueue,
      FrameEncoder encoder,
      FrameSink sink,
      EndListener listener) {
    this.connection = connection;
    this.sendQueue = sendQueue;
    this.encoder = encoder;
    this.sink = sink;
    this.listener = listener;
  }

  /** Tells whose it is from now on; throws what {@link EndListener#identified} does. */
  void identified(Identity fresh) {
    listener.identified(fresh);
  }

  /** Whether the end is decided, or over. */
  boolean begun() {
    return decided() || over.get() != null;
  }

  /** Why it ends, or has ended; null: it does not. */
  @Nullable CloseCode code() {
    Decision how = decision.get();
    return how == null ? over.get() : how.code;
  }

  /** Whether the end is decided. */
  boolean decided() {
    return decision.get() != null;
  }

  /**
   * Decides how it ends; {@link #queued} must follow when the last frames are queued.
   *
   * @param atOnce what is queued is dropped
   * @return the last frames; null: that was decided before, nothing is to be done
   */
  @Nullable Farewell decide(
      CloseCode code, String reason, Delivery.@Nullable Goodbye last, boolean atOnce) {
    if (over.get() != null || !decision.compareAndSet(null, new Decision(code, reason, atOnce))) {
      return null;
    }
    return farewell(code, reason, last);
  }

  /** Decides that it cannot be served; {@link #tick} ends it. */
  void fail() {
    decision.compareAndSet(null, new Decision(CloseCode.MOVED, "internal", false));
    sendQueue.close(false, List.of());
    queued = true;
  }

  /** The last frames are queued, or there are none. */
  void queued() {
    queued = true;
    closeIfWritten();
  }

  /** Called once a second after the decision, by one thread at a time. */
  void tick() {
    ticks++;
    if (ticks == LINGER_TICKS) {
      sendQueue.discard();
      sink.hurry();
    }
    if (ticks < LOST_TICKS) {
      closeIfWritten();
    } else {
      broken(null);
    }
  }

  /** Closes the carrier if that is decided and nothing is left to write. */
  void closeIfWritten() {
    Decision how = decision.get();
    if (how != null && queued && sendQueue.idle()) {
      close(how);
    }
  }

  /** The carrier broke: it is closed, and what was left to write is dropped. */
  void broken(@Nullable RuntimeException defect) {
    if (defect != null) {
      LOG.log(Level.WARNING, "a carrier failed", defect);
    }
    sendQueue.clear();
    Decision meant = decision.get();
    close(meant != null && meant.atOnce ? meant : UNREAD);
  }

  /** The carrier vanished. Idempotent. */
  void gone() {
    sendQueue.clear();
    end(CloseCode.GOING_AWAY, false);
  }

  private void close(Decision how) {
    if (!end(how.code, true)) {
      return;
    }
    Runnable closed = () -> listener.closed(connection);
    try {
      sink.close(how.code, farewell(how.code, how.reason, null), closed);
    } catch (RuntimeException defect) {
      LOG.log(Level.WARNING, "a carrier could not be closed", defect);
      closed.run();
    }
  }

  private boolean end(CloseCode code, boolean closes) {
    if (!over.compareAndSet(null, code)) {
      return false;
    }
    listener.ended(connection, code, closes);
    return true;
  }

  private Farewell farewell(CloseCode code, String reason, Delivery.@Nullable Goodbye last) {
    try {
      return encoder.farewell(code, reason, last);
    } catch (RuntimeException defect) {
      LOG.log(Level.WARNING, "a last word could not be encoded", defect);
      return Farewell.of(code, reason, null);
    }
  }
}
