package io.carillon.core.connection;

import java.time.Duration;
import java.util.Objects;

/**
 * Heartbeat and age rules of a connection.
 *
 * @param begins who speaks when there is nothing to say
 * @param heartbeat how often that is; zero, if nobody does
 * @param patience how long after a heartbeat was due the peer may be silent; zero: for ever
 * @param maxAge when the connection is ended with a goodbye, so that a vanished reader is noticed;
 *     zero: never
 * @param admission how long it may be open without a credential; positive
 */
public record Liveness(
    Begins begins, Duration heartbeat, Duration patience, Duration maxAge, Duration admission) {
  /** How long after a heartbeat a peer may be silent, where its protocol does not say. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How long a connection may be open without a credential, where its protocol does not say. */
  public static final Duration ADMISSION = Duration.ofSeconds(10);

  /** No heartbeat and no end of life; for polls that end by themselves. */
  public static final Liveness NONE = new Liveness(Duration.ZERO, false, Duration.ZERO);

  /** Who begins a heartbeat. */
  public enum Begins {
    /**
     * The server sends a {@link io.carillon.core.Delivery.HeartbeatDelivery}, which the peer
     * answers.
     */
    SERVER,
    /** The peer speaks by itself; the server only listens. */
    CLIENT,
    /** Nobody: the carrier alone tells whether the peer is there. */
    NOBODY
  }

  /** Checks that what belongs together is there. */
  public Liveness {
    Objects.requireNonNull(patience);
    Objects.requireNonNull(maxAge);
    if (!admission.isPositive()) {
      throw new IllegalArgumentException("admission within " + admission);
    }
    if (heartbeat.isPositive() == (begins == Begins.NOBODY)) {
      throw new IllegalArgumentException(begins + " every " + heartbeat);
    }
  }

  /** A credential is due within {@link #ADMISSION}. */
  public Liveness(Begins begins, Duration heartbeat, Duration patience, Duration maxAge) {
    this(begins, heartbeat, patience, maxAge, ADMISSION);
  }

  /**
   * The server begins, if anybody does.
   *
   * @param heartbeat how often; zero: never
   * @param answered whether the peer must show a sign of life within {@link #PATIENCE} of a ping
   * @param maxAge the age to end at; zero: never
   */
  public Liveness(Duration heartbeat, boolean answered, Duration maxAge) {
    this(
        heartbeat.isPositive() ? Begins.SERVER : Begins.NOBODY,
        heartbeat,
        answered ? PATIENCE : Duration.ZERO,
        maxAge);
  }

  /** The peer begins at least that often, and may be late by as much as the patience. */
  public static Liveness ofClient(Duration heartbeat, Duration patience) {
    return new Liveness(Begins.CLIENT, heartbeat, patience, Duration.ZERO);
  }

  /**
   * Whether its times are finer than the ticks of all connections, which come once a second: then a
   * connection is looked at on its own, at the very times.
   */
  boolean isFine() {
    return !isWhole(heartbeat) || !isWhole(patience);
  }

  private static boolean isWhole(Duration time) {
    return time.equals(Duration.ofSeconds(time.toSeconds()));
  }
}
