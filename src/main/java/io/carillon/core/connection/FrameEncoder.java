package io.carillon.core.connection;

import io.carillon.core.CloseCode;
import io.carillon.core.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * Turns deliveries into frames of one encoding. Stateless, thread-safe, one object an encoding
 * (frames of events are shared between all connections with the same encoder object).
 */
public interface FrameEncoder {
  /** Name of the protocol, one of few: metrics are counted by it. */
  String protocol();

  /** Encodes what the server sends by itself. */
  Frame encode(Delivery delivery);

  /**
   * Whether a goodbye tells the peer when to come back. Where nothing can, a draining instance ends
   * the connections one by one, so that their peers come back as spread as those that were told.
   */
  default boolean tellsReturn() {
    return true;
  }

  /**
   * How a connection takes leave that ends for this reason; as a rule with the goodbye, and with
   * the code and the words of the core.
   *
   * @param goodbye what the peer is to be told, or null
   */
  default Farewell farewell(CloseCode code, String reason, Delivery.@Nullable Goodbye goodbye) {
    return Farewell.of(code, reason, goodbye == null ? null : encode(goodbye));
  }
}
