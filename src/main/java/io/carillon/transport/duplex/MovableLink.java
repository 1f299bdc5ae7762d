package io.carillon.transport.duplex;

import io.carillon.core.connection.FrameSink;
import io.carillon.protocol.Codec;
import org.jspecify.annotations.Nullable;

/** Link that can move from its carrier to another one, once. Thread-safe. */
public interface MovableLink {
  /** Codec of the link; stays the same after the move. */
  Codec codec();

  /** Whether the link can still move. */
  boolean movable();

  /**
   * Announces a move, or withdraws the announcement. While a move is announced no request of the
   * peer waits at the present carrier; until {@link #moveTo} the link goes on there.
   *
   * @param soon true: the peer is about to move; false: it stays after all
   */
  void moving(boolean soon);

  /**
   * Moves the link.
   *
   * @param next sink of the new carrier
   * @return the link, which receives the messages of the new carrier; null: it has ended, or has
   *     moved before
   */
  @Nullable DuplexLink moveTo(FrameSink next);
}
