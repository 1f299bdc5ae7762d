package io.carillon.core.connection;

import io.carillon.core.Delivery;
import io.carillon.core.Reply;

/**
 * Turns deliveries and replies into frames of one encoding. Stateless, thread-safe, one object an
 * encoding (frames of events are shared between all connections with the same encoder object).
 */
public interface FrameEncoder {
  /** Encodes what the server sends by itself. */
  Frame encode(Delivery delivery);

  /** Encodes an answer. */
  Frame encode(Reply reply);
}
