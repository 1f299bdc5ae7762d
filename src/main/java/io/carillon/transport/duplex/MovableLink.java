package io.carillon.transport.duplex;

import io.carillon.core.connection.FrameSink;
import io.carillon.protocol.Codec;
import org.jspecify.annotations.Nullable;

/** A link that may move from the carrier that it is on to another one, once. Thread-safe. */
public interface MovableLink {
  /** Its codec, which goes with it. */
  Codec codec();

  /** Whether it may still move. */
  boolean movable();

  /**
   * Lets the peer go from where it is, as far as it waits there, for it is about to move; or no
   * longer, for it has thought better of it. Until it has moved everything goes on there.
   */
  void moving(boolean soon);

  /**
   * Moves.
   *
   * @return the link, for what comes in at the other carrier; null: it is over, or has moved
   */
  @Nullable DuplexLink moveTo(FrameSink next);
}
