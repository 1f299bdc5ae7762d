package io.carillon.core.limit;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.RoomName;
import io.carillon.core.spi.Probe;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Limits of one instance. Every check answers from memory and never waits. Thread-safe.
 *
 * <p>A rate by user tells exactly when to try again; the others tell a random time, for those who
 * are refused by them are many, and would come back together.
 */
public final class Limits {
  private static final String ALL = "all";

  /** Most keys of a table of buckets; a full table takes some 10 MB. */
  private static final int MOST_KEYS = 100_000;

  /** Refusals that one connection may ignore. */
  private static final Rate PATIENCE = new Rate(50, 2000);

  private static final int SPREAD_MILLIS = 4000;
  private static final int LEAST_MILLIS = 5000;

  /** Refuses nothing. */
  public static final Limits NONE =
      new Limits(
          LimitSettings.NONE,
          () -> 0,
          () -> Instant.EPOCH,
          RandomGenerator.getDefault(),
          Probe.NONE);

  private final Map<Limit, TokenBuckets> buckets = new EnumMap<>(Limit.class);
  private final Map<Limit, OpenCounts> counts = new EnumMap<>(Limit.class);
  private final TokenBuckets patience;
  private final Set<String> exempt;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Probe probe;
  private final LimitHits hits = new LimitHits();

  /**
   * Creates limits of which nothing is used.
   *
   * @param nanos a monotonic clock
   * @param clock database time, as near as the instance knows it
   * @param random spreads the times at which those who were refused come back
   * @param probe told of each refusal
   */
  public Limits(
      LimitSettings settings,
      LongSupplier nanos,
      InstantSource clock,
      RandomGenerator random,
      Probe probe) {
    settings
        .rates()
        .forEach((limit, rate) -> buckets.put(limit, new TokenBuckets(rate, MOST_KEYS, nanos)));
    settings.counts().forEach((limit, most) -> counts.put(limit, new OpenCounts(most)));
    this.patience = new TokenBuckets(PATIENCE, MOST_KEYS, nanos);
    this.exempt = settings.exempt();
    this.clock = clock;
    this.random = random;
    this.probe = probe;
  }

  /** Whether there is any limit. */
  public boolean any() {
    return !buckets.isEmpty() || !counts.isEmpty();
  }

  /**
   * Takes from a rate.
   *
   * @param cost how much; more than a burst passes when nothing was taken lately
   * @throws RefusedException with {@link ErrorCode#RATE} and when to try again
   */
  public void take(Limit limit, Visitor visitor, int cost) {
    if (buckets.containsKey(limit)) {
      take(limit, key(limit, visitor), visitor, cost);
    }
  }

  /**
   * Takes one from a rate of a room, whoever asks.
   *
   * @throws RefusedException with {@link ErrorCode#RATE} and when to try again
   */
  public void take(Limit limit, RoomName room, Identity who) {
    if (buckets.containsKey(limit)) {
      take(limit, room.value(), new Visitor(who, "", ""), 1);
    }
  }

  private void take(Limit limit, String key, Visitor visitor, int cost) {
    TokenBuckets rate = buckets.get(limit);
    if (rate == null || key.isEmpty()) {
      return;
    }
    long wait = rate.take(key, cost);
    if (wait > 0) {
      long millis = wait / 1_000_000 + 1;
      if (limit.scope() != Limit.Scope.USER && limit.scope() != Limit.Scope.CONNECTION) {
        millis += random.nextInt(SPREAD_MILLIS);
      }
      throw refused(limit, visitor, millis);
    }
  }

  /**
   * Takes from the rates of new connections: the user's, the address's, the instance's.
   *
   * @throws RefusedException with {@link ErrorCode#RATE}, or with {@link ErrorCode#LIMIT} if so
   *     many are open that {@link #enter} would refuse one
   */
  public void connect(Visitor visitor) {
    require(Limit.CONNECTIONS_USER, visitor);
    require(Limit.CONNECTIONS_ADDRESS, visitor);
    take(Limit.CONNECTS_USER, visitor, 1);
    take(Limit.CONNECTS_ADDRESS, visitor, 1);
    take(Limit.CONNECTS_INSTANCE, visitor, 1);
  }

  private void require(Limit limit, Visitor visitor) {
    OpenCounts count = counts.get(limit);
    String key = count == null ? "" : key(limit, visitor);
    if (count != null && !key.isEmpty() && !count.hasRoom(key)) {
      throw full(limit, visitor);
    }
  }

  /** Place of an open connection; empty names are not counted. */
  public record Place(String user, String address) {}

  /**
   * Counts an open connection; {@link #exit} ends it.
   *
   * @throws RefusedException with {@link ErrorCode#LIMIT}; then nothing was counted
   */
  public Place enter(Identity who, String address) {
    Visitor visitor = new Visitor(who, "", address);
    String user = entered(Limit.CONNECTIONS_USER, visitor);
    try {
      return new Place(user, entered(Limit.CONNECTIONS_ADDRESS, visitor));
    } catch (RefusedException full) {
      exit(Limit.CONNECTIONS_USER, user);
      throw full;
    }
  }

  /**
   * Counts an open connection for who its peer turns out to be, in place of whom it was counted for
   * when it opened; it is a new connection of that user.
   *
   * @param place what counts it now
   * @return what counts it from now on
   * @throws RefusedException with {@link ErrorCode#LIMIT} or {@link ErrorCode#RATE}; then it counts
   *     as before
   */
  public Place identified(Place place, Identity who, String address) {
    Visitor visitor = new Visitor(who, "", address);
    String user = counted(Limit.CONNECTIONS_USER, visitor);
    if (user.equals(place.user)) {
      return place;
    }
    require(Limit.CONNECTIONS_USER, visitor);
    take(Limit.CONNECTS_USER, visitor, 1);
    enter(Limit.CONNECTIONS_USER, user, visitor);
    exit(Limit.CONNECTIONS_USER, place.user);
    return new Place(user, place.address);
  }

  /** The key of an open connection; empty: nobody in particular counts by no name. */
  private String counted(Limit limit, Visitor visitor) {
    return visitor.isShared() && limit.scope() == Limit.Scope.USER ? "" : key(limit, visitor);
  }

  private String entered(Limit limit, Visitor visitor) {
    String key = counted(limit, visitor);
    enter(limit, key, visitor);
    return key;
  }

  private void enter(Limit limit, String key, Visitor visitor) {
    OpenCounts count = counts.get(limit);
    if (count != null && !key.isEmpty() && !count.enter(key)) {
      throw full(limit, visitor);
    }
  }

  /** Ends what {@link #enter} has counted; to be called once. */
  public void exit(Place place) {
    exit(Limit.CONNECTIONS_USER, place.user);
    exit(Limit.CONNECTIONS_ADDRESS, place.address);
  }

  private void exit(Limit limit, String key) {
    OpenCounts count = counts.get(limit);
    if (count != null && !key.isEmpty()) {
      count.exit(key);
    }
  }

  /**
   * Counts a subscription to a room, for the room and for its namespace; {@link #left} ends it.
   *
   * @throws RefusedException with {@link ErrorCode#LIMIT}; then nothing was counted
   */
  public void read(RoomName room, Visitor visitor) {
    enter(Limit.READERS_NAMESPACE, room.namespace(), visitor);
    try {
      enter(Limit.READERS_ROOM, room.value(), visitor);
    } catch (RefusedException full) {
      exit(Limit.READERS_NAMESPACE, room.namespace());
      throw full;
    }
  }

  /** Ends what {@link #read} has counted. */
  public void left(RoomName room) {
    exit(Limit.READERS_NAMESPACE, room.namespace());
    exit(Limit.READERS_ROOM, room.value());
  }

  /** Whether members of rooms are counted. */
  public boolean countsMembers() {
    return counts.containsKey(Limit.MEMBERS_ROOM);
  }

  /**
   * Counts a member of a room; {@link #absent} ends it.
   *
   * @throws RefusedException with {@link ErrorCode#LIMIT}; then nothing was counted
   */
  public void present(RoomName room, Visitor visitor) {
    enter(Limit.MEMBERS_ROOM, room.value(), visitor);
  }

  /** Ends what {@link #present} has counted. */
  public void absent(RoomName room) {
    exit(Limit.MEMBERS_ROOM, room.value());
  }

  private String key(Limit limit, Visitor visitor) {
    return switch (limit.scope()) {
      case USER -> exempt.contains(visitor.user()) ? "" : visitor.person();
      case ADDRESS -> visitor.place();
      case CONNECTION -> visitor.connection();
      case ROOM, NAMESPACE, INSTANCE -> ALL;
    };
  }

  private RefusedException full(Limit limit, Visitor visitor) {
    return refused(limit, visitor, LEAST_MILLIS + random.nextInt(2 * SPREAD_MILLIS));
  }

  private RefusedException refused(Limit limit, Visitor visitor, long millis) {
    hits.add(limit, visitor.user(), visitor.address(), clock.instant());
    probe.limited(limit.word());
    return new RefusedException(Rejection.retry(limit.code(), Duration.ofMillis(millis)));
  }

  /**
   * Whether a connection may stay whose command was refused by a rate: one that goes on asking,
   * whatever it is told, may not.
   */
  public boolean bears(String connection) {
    return patience.take(connection, 1) == 0;
  }

  /** The latest refusals. */
  public LimitHits hits() {
    return hits;
  }

  /** Forgets who has asked for nothing lately; to be called every few seconds. */
  public void sweep() {
    buckets.values().forEach(TokenBuckets::sweep);
    patience.sweep();
  }

  /** Number of buckets that a limit keeps. */
  int kept(Limit limit) {
    @Nullable TokenBuckets rate = buckets.get(limit);
    return rate == null ? 0 : rate.size();
  }
}
