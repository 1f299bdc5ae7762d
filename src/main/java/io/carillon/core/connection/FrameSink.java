package io.carillon.core.connection;

import io.carillon.core.CloseCode;
import java.util.List;

/** Outbound carrier of a connection: a socket, a stream or a waiting poll. */
public interface FrameSink {
  /**
   * Writes all the frames in this order, as few writes as possible. Called for one write at a time,
   * on a thread of the transport's writers. May block only if their threads may.
   *
   * @param frames at least one
   * @param done told exactly once, on any thread, when the next write may begin, or that the
   *     carrier is broken
   */
  void write(List<Frame> frames, Written done);

  /**
   * Nothing is left to write just now. Called after the last write has ended, where writes are
   * called; the carrier is not closed then. Must not block.
   */
  default void idle() {}

  /**
   * From now on no write waits for the peer: what would have to fails instead. Called when the peer
   * may no longer get what it was given, or has had time enough. On any thread, also during a
   * write; idempotent. A carrier whose writes wait for nothing that it knows of has nothing to do.
   */
  default void hurry() {}

  /** What it is, for operators. */
  default Carrier carrier() {
    return Carrier.UNKNOWN;
  }

  /**
   * Whether the peer is there, as far as the carrier can tell; if not, the connection is over.
   * Asked for once a second, by one thread at a time; must not block.
   */
  default boolean present() {
    return true;
  }

  /**
   * Closes the carrier. Called at most once, never during a write that may still end; what was not
   * written is dropped.
   *
   * @param code why, as the core calls it
   * @param farewell how the peer is told; its last frames were written before
   * @param closed told when the close has gone out to the peer, or when that cannot be any more:
   *     the carrier is gone. On any thread, perhaps inside of this call; once is enough, more often
   *     does no harm. The process does not end before, but for a bounded time
   */
  void close(CloseCode code, Farewell farewell, Runnable closed);

  /** How a write ended. */
  @FunctionalInterface
  interface Written {
    /** The write ended; {@code ok} false: the carrier is broken, nothing more can be written. */
    void ended(boolean ok);
  }
}
