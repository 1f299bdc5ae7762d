package io.carillon.core.connection;

import java.time.Duration;
import java.util.Objects;

/**
 * How a connection shows that it lives.
 *
 * @param heartbeat how often a {@link io.carillon.core.Delivery.Ping} is sent; zero: never
 * @param answered whether the peer must show a sign of life within {@link #PATIENCE} of a ping
 * @param maxAge when the connection is ended with a goodbye, so that a vanished reader is noticed;
 *     zero: never
 */
public record Liveness(Duration heartbeat, boolean answered, Duration maxAge) {
  /** How long after a heartbeat a peer may be silent. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  /** No heartbeat and no end of life; for polls that end by themselves. */
  public static final Liveness NONE = new Liveness(Duration.ZERO, false, Duration.ZERO);

  /** Checks that nothing is missing. */
  public Liveness {
    Objects.requireNonNull(heartbeat);
    Objects.requireNonNull(maxAge);
  }
}
