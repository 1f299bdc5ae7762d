package io.carillon.core.connection;

import io.carillon.core.CloseCode;
import io.carillon.core.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The heartbeat, the age and the token's end of one connection, judged at each tick. {@link #tick}
 * is called by one thread at a time; the signs of life come from any.
 */
final class Pulse {
  private static final Duration WARNING = Duration.ofSeconds(60);

  private final Liveness liveness;
  private final LongSupplier nanos;
  private final InstantSource clock;
  private final long maxAgeNanos;
  private final long born;
  private long pinged;
  private volatile long heard;
  private volatile boolean warned;

  /**
   * Starts the pulse now.
   *
   * @param maxAge the age to end at, already spread; zero: never
   * @param nanos a monotonic clock
   * @param clock database time, as near as the instance knows it
   */
  Pulse(Liveness liveness, Duration maxAge, LongSupplier nanos, InstantSource clock) {
    this.liveness = liveness;
    this.nanos = nanos;
    this.clock = clock;
    this.maxAgeNanos = maxAge.toNanos();
    this.born = nanos.getAsLong();
    this.pinged = born;
    this.heard = born;
  }

  void received() {
    heard = nanos.getAsLong();
  }

  void renewed() {
    warned = false;
  }

  void tick(Connection connection) {
    long now = nanos.getAsLong();
    long beat = liveness.heartbeat().toNanos();
    if (beat > 0 && liveness.answered() && now - heard > beat + Liveness.PATIENCE.toNanos()) {
      connection.close(CloseCode.HEARTBEAT_MISSED, "heartbeat missed");
      return;
    }
    if (maxAgeNanos > 0 && now - born > maxAgeNanos) {
      connection.deliver(new Delivery.Goodbye("renew", Duration.ZERO));
      connection.close(CloseCode.MOVED, "renew");
      return;
    }
    if (beat > 0 && now - pinged >= beat) {
      pinged = now;
      connection.deliver(new Delivery.Ping());
    }
    judgeToken(connection);
  }

  private void judgeToken(Connection connection) {
    Instant end = connection.identity().expiresAt();
    if (end == null) {
      return;
    }
    Duration left = Duration.between(clock.instant(), end);
    if (left.isNegative() || left.isZero()) {
      connection.deliver(new Delivery.Goodbye("expired", Duration.ZERO));
      connection.close(CloseCode.TOKEN_EXPIRED, "token expired");
    } else if (!warned && left.compareTo(WARNING) <= 0) {
      warned = true;
      connection.deliver(new Delivery.Expiring(left));
    }
  }
}
