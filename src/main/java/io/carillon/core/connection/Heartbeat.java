package io.carillon.core.connection;

import io.carillon.core.CloseCode;
import io.carillon.core.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The heartbeat, the age and the token's end of one connection, judged at each tick. {@link #tick}
 * is called by one thread at a time; the signs of life come from any. A heartbeat whose times are
 * finer than ticks is looked at by itself instead, whenever one of them has come.
 *
 * <p>A peer is judged only by a ping that was really sent, and only while this instance itself ran:
 * after a pause of the whole process the peer is asked anew, for its answers may lie unread.
 */
final class Heartbeat {
  /** The most time before a token's end at which its owner is warned. */
  private static final Duration WARNING = Duration.ofSeconds(60);

  /** A token that is short when it is taken is warned of after this part of what was left. */
  private static final int WARNING_PART = 2;

  /** A longer time between two ticks means that this instance stood still. */
  private static final long STANDSTILL_NANOS = Duration.ofSeconds(5).toNanos();

  /** So does a look of its own that comes later than this. */
  private static final long LATE_NANOS = Duration.ofMillis(500).toNanos();

  /** When to look again where nothing could be done. */
  private static final long AGAIN_NANOS = Duration.ofMillis(50).toNanos();

  private final Liveness liveness;
  private final LongSupplier nanos;
  private final InstantSource clock;
  private final long maxAgeNanos;
  private final long born;
  private final Instant opened;

  /** Runs looks at their times; null: ticks are fine enough. */
  private final @Nullable BiConsumer<Runnable, Duration> looks;

  private long pinged;

  /**
   * When the first ping was sent that no sign of life has followed; if one has, the last. Where the
   * peer begins: the earliest moment since which it can have been silent.
   */
  private long asked;

  private long ticked;
  private volatile long heard;

  /** The end of the token that was looked at last, and whether its owner was warned. */
  private @Nullable Instant end;

  private Duration warnAt = WARNING;
  private boolean warned;

  /**
   * Starts the heartbeat now.
   *
   * @param maxAge the age to end at, already spread; zero: never
   * @param nanos a monotonic clock
   * @param clock database time, as near as the instance knows it
   * @param looks runs a short task after a while; null: there is nothing finer than ticks
   */
  Heartbeat(
      Liveness liveness,
      Duration maxAge,
      LongSupplier nanos,
      InstantSource clock,
      @Nullable BiConsumer<Runnable, Duration> looks) {
    this.liveness = liveness;
    this.nanos = nanos;
    this.clock = clock;
    this.looks = liveness.isFine() ? looks : null;
    this.maxAgeNanos = maxAge.toNanos();
    this.born = nanos.getAsLong();
    this.opened = clock.instant();
    this.pinged = born;
    this.asked = born;
    this.ticked = born;
    this.heard = born;
  }

  /** When it began, in database time as near as the instance knows it. */
  Instant opened() {
    return opened;
  }

  void received() {
    heard = nanos.getAsLong();
  }

  /** Begins to look by itself, if ticks are not fine enough. */
  void begin(Connection connection) {
    if (looks != null) {
      lookAgain(connection, looks, born);
    }
  }

  /** The next look: when a ping is due, or when the peer will have been silent for too long. */
  private void lookAgain(Connection connection, BiConsumer<Runnable, Duration> later, long now) {
    long patience = liveness.patience().toNanos();
    long due = (heard - asked > 0 ? heard : asked) + liveness.heartbeat().toNanos() + patience;
    if (liveness.begins() == Liveness.Begins.SERVER) {
      due = pinged + liveness.heartbeat().toNanos();
      if (heard - asked < 0 && patience > 0 && asked + patience - due < 0) {
        due = asked + patience;
      }
    }
    // Judged is what is over, by however little. A ping that found no space is tried again soon.
    long planned = due - now > 0 ? due + 1 : now + AGAIN_NANOS;
    later.accept(() -> look(connection, later, planned), Duration.ofNanos(planned - now));
  }

  private void look(Connection connection, BiConsumer<Runnable, Duration> later, long planned) {
    long now = nanos.getAsLong();
    if (!connection.closing() && lives(connection, now, now - planned > LATE_NANOS)) {
      lookAgain(connection, later, now);
    }
  }

  void tick(Connection connection, long now, Instant instant) {
    boolean stoodStill = now - ticked > STANDSTILL_NANOS;
    ticked = now;
    if (maxAgeNanos > 0 && now - born > maxAgeNanos) {
      connection.close(CloseCode.MOVED, "renew", new Delivery.Goodbye("renew", Duration.ZERO));
      return;
    }
    if (connection.identity().isNobody() && now - born > liveness.admission().toNanos()) {
      connection.close(CloseCode.UNAUTHENTICATED, "no credential");
      return;
    }
    if (looks != null || lives(connection, now, stoodStill)) {
      judgeToken(connection, instant);
    }
  }

  /** Does what is due now; false: the peer has been silent for too long, and is closed. */
  private boolean lives(Connection connection, long now, boolean stoodStill) {
    return switch (liveness.begins()) {
      case SERVER -> beat(connection, now, stoodStill);
      case CLIENT -> listen(connection, now, stoodStill);
      case NOBODY -> true;
    };
  }

  /** Pings, or closes if the last ping has found no answer; false: closed. */
  private boolean beat(Connection connection, long now, boolean stoodStill) {
    boolean silent = heard - asked < 0;
    boolean judged = liveness.patience().isPositive() && silent && !stoodStill;
    if (judged && now - asked > liveness.patience().toNanos()) {
      connection.close(CloseCode.HEARTBEAT_MISSED, "heartbeat missed");
      return false;
    }
    boolean due = now - pinged >= liveness.heartbeat().toNanos();
    if ((due || (silent && stoodStill)) && connection.deliver(new Delivery.HeartbeatDelivery())) {
      pinged = now;
      asked = silent && !stoodStill ? asked : now;
    }
    return true;
  }

  /** Closes if the peer has said nothing for too long; false: closed. */
  private boolean listen(Connection connection, long now, boolean stoodStill) {
    if (stoodStill) {
      asked = now;
    }
    long last = heard - asked > 0 ? heard : asked;
    long most = liveness.heartbeat().plus(liveness.patience()).toNanos();
    if (liveness.patience().isPositive() && now - last > most) {
      connection.close(CloseCode.HEARTBEAT_MISSED, "heartbeat missed");
      return false;
    }
    return true;
  }

  private void judgeToken(Connection connection, Instant instant) {
    Instant latest = connection.identity().expiresAt();
    if (latest == null) {
      return;
    }
    Duration left = Duration.between(instant, latest);
    if (!latest.equals(end)) {
      end = latest;
      warned = false;
      Duration part = left.dividedBy(WARNING_PART);
      warnAt = part.compareTo(WARNING) < 0 ? part : WARNING;
    }
    if (!left.isPositive()) {
      expire(connection);
    } else if (!warned && left.compareTo(warnAt) <= 0) {
      warned = connection.deliver(new Delivery.Expiring(left));
    }
  }

  /** Ends a connection whose token has ended. On any thread. */
  void expire(Connection connection) {
    Instant latest = connection.identity().expiresAt();
    if (latest != null && !clock.instant().isBefore(latest)) {
      connection.close(
          CloseCode.TOKEN_EXPIRED, "token expired", new Delivery.Goodbye("expired", Duration.ZERO));
    }
  }
}
