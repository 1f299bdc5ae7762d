package io.carillon.observability;

import io.carillon.core.spi.DatabaseClock;
import io.carillon.core.spi.LogUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * Periodic ping of the database: whether it answers, how long one tiny round trip takes, and by how
 * much its clock is ahead of ours.
 *
 * <p>The offset is taken as network time does it: the database's answer against the middle of the
 * round trip, and of the last {@value #KEPT} pings the one with the shortest trip counts, so its
 * error is at most half of that trip. A step of either clock is followed after at most {@value
 * #KEPT} pings.
 *
 * <p>{@link #ask} is called by one thread at a time; everything else by any thread.
 */
public final class DatabasePing {
  /** Time without an answer after which the database counts as down. */
  public static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int KEPT = 16;

  private final DatabaseClock database;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final long[] trips = new long[KEPT];
  private final long[] offsets = new long[KEPT];
  private int asked;
  private volatile long offsetMicros;
  private volatile long roundTripNanos = -1;
  private volatile long lastAnswer;

  /**
   * Creates a ping.
   *
   * @param database the clock to read
   * @param clock this instance's wall clock
   * @param nanoTime this instance's monotonic clock in nanoseconds
   */
  public DatabasePing(DatabaseClock database, Clock clock, LongSupplier nanoTime) {
    this.database = database;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** Asks the database once; blocks for one round trip. Tells whether it answered. */
  public boolean ask() {
    Instant before = clock.instant();
    long start = nanoTime.getAsLong();
    Instant answer;
    try {
      answer = database.now();
    } catch (LogUnavailableException notNow) {
      roundTripNanos = -1;
      return false;
    }
    long end = nanoTime.getAsLong();
    Instant middle = before.plusNanos((end - start) / 2);
    int slot = asked++ % KEPT;
    trips[slot] = end - start;
    offsets[slot] = ChronoUnit.MICROS.between(middle, answer);
    int best = 0;
    for (int i = 1; i < Math.min(asked, KEPT); i++) {
      best = trips[i] < trips[best] ? i : best;
    }
    offsetMicros = offsets[best];
    lastAnswer = end;
    roundTripNanos = end - start;
    return true;
  }

  /** Whether the last ping was answered, no longer than {@link #PATIENCE} ago. */
  public boolean up() {
    return roundTripNanos >= 0 && nanoTime.getAsLong() - lastAnswer < PATIENCE.toNanos();
  }

  /** The last round trip in nanoseconds; negative if the last ping was not answered. */
  public long roundTripNanos() {
    return roundTripNanos;
  }

  /**
   * Offset of the database's clock from ours in microseconds, positive if ahead; 0 before the first
   * ping.
   */
  public long offsetMicros() {
    return offsetMicros;
  }
}
