package io.carillon.core.connection;

import io.carillon.core.CloseCode;
import io.carillon.core.Delivery;
import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.limit.Limits;
import io.carillon.core.spi.Probe;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** All live connections of this instance: opens them, lets them tick, drains them. Thread-safe. */
public final class Connections {
  private static final String DRAIN = "drain";

  /** How long the drain waits for the close of a carrier that has not told that it is out. */
  private static final long CLOSE_NANOS = Duration.ofSeconds(2).toNanos();

  private final ConcurrentHashMap<String, Connection> live = new ConcurrentHashMap<>();

  /** Connections that are over and whose carriers have not closed yet, each since when. */
  private final ConcurrentHashMap<Connection, Long> closing = new ConcurrentHashMap<>();

  private final CompletableFuture<Void> allClosed = new CompletableFuture<>();
  private final List<BiConsumer<Connection, CloseCode>> endings = new CopyOnWriteArrayList<>();
  private final ConnectionLimits limits;
  private final Supplier<String> ids;
  private final LongSupplier nanos;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final RevocationFreshness freshness;
  private final Probe probe;
  private final Ends ends = new Ends();
  private volatile boolean draining;
  private volatile BooleanSupplier crowded = () -> false;
  private volatile @Nullable BiConsumer<Runnable, Duration> looks;
  private volatile Limits counted = Limits.NONE;

  /**
   * Makes an empty registry.
   *
   * @param ids makes unguessable connection ids
   * @param nanos a monotonic clock
   * @param clock database time, as near as the instance knows it
   * @param random spreads ends of life and reconnects
   * @param freshness how fresh the knowledge of withdrawn rights is
   */
  public Connections(
      ConnectionLimits limits,
      Supplier<String> ids,
      LongSupplier nanos,
      InstantSource clock,
      RandomGenerator random,
      RevocationFreshness freshness,
      Probe probe) {
    this.limits = limits;
    this.ids = ids;
    this.nanos = nanos;
    this.clock = clock;
    this.random = random;
    this.freshness = freshness;
    this.probe = probe;
  }

  /** Adds a listener that is told once about every connection that has ended; must be short. */
  public void onEnd(Consumer<Connection> listener) {
    endings.add((connection, code) -> listener.accept(connection));
  }

  /** Adds a listener that is told the reason too. */
  public void onEndBy(BiConsumer<Connection, CloseCode> listener) {
    endings.add(listener);
  }

  /** Takes nobody while this says so; it must answer from memory. */
  public void refuseWhile(BooleanSupplier tooMany) {
    crowded = tooMany;
  }

  /** Counts connections by user and address from now on, up to these limits. */
  public void limitBy(Limits limits) {
    counted = limits;
  }

  /**
   * Looks at connections whose heartbeat is finer than a second at times of their own; without this
   * they are looked at once a second, as all others are.
   *
   * @param later runs a short task after a while, to the millisecond; never on the caller's thread
   */
  public void lookBy(BiConsumer<Runnable, Duration> later) {
    looks = later;
  }

  /**
   * Opens a connection.
   *
   * @param encoder the encoding, one object for all connections of a kind
   * @param sink the carrier
   * @param writers runs the writes, never on the caller's thread, who may hold locks; may be slow
   *     only if the sink blocks and its threads are virtual
   * @throws RefusedException with {@link ErrorCode#OVERLOADED} while draining, full or crowded,
   *     with {@link ErrorCode#LIMIT} beyond the bounds of a user or an address
   */
  public Connection open(
      Identity who, FrameEncoder encoder, FrameSink sink, Executor writers, Liveness liveness) {
    if (draining || live.size() >= limits.connections() || crowded.getAsBoolean()) {
      throw new RefusedException(
          Rejection.retry(ErrorCode.OVERLOADED, Duration.ofMillis(1000 + random.nextInt(4000))));
    }
    ConnectionEnd.EndListener told = CountedEnd.of(counted, who, sink.carrier().address(), ends);
    Probe.ConnectionProbe counters = probe.connections(encoder.protocol());
    Duration age = spread(liveness.maxAge());
    Heartbeat heartbeat = new Heartbeat(liveness, age, nanos, clock, looks);
    Connection connection =
        new Connection(
            ids.get(),
            who,
            encoder,
            sink,
            writers,
            heartbeat,
            limits.queueBytes(),
            limits.batchBytes(),
            freshness,
            told,
            counters::delivered);
    live.put(connection.id(), connection);
    counters.opened();
    heartbeat.begin(connection);
    if (draining) {
      sendAway(connection, Duration.ofSeconds(1));
    }
    return connection;
  }

  /** Between 80 % and 100 % of the age, so that streams opened together do not end together. */
  private Duration spread(Duration age) {
    return age.isZero()
        ? age
        : Duration.ofNanos((long) (age.toNanos() * random.nextDouble(0.8, 1)));
  }

  /** Told by each connection of its end. */
  private final class Ends implements ConnectionEnd.EndListener {
    @Override
    public void ended(Connection connection, CloseCode code, boolean closes) {
      if (closes) {
        // Before it is no longer live, so that at every moment it is seen in one of the two.
        closing.put(connection, nanos.getAsLong());
      }
      live.remove(connection.id());
      probe.connections(connection.state().protocol()).closed(code.code());
      endings.forEach(e -> e.accept(connection, code));
      lookIfAllClosed();
    }

    @Override
    public void closed(Connection connection) {
      closing.remove(connection);
      lookIfAllClosed();
    }
  }

  private void lookIfAllClosed() {
    if (draining && live.isEmpty() && closing.isEmpty()) {
      allClosed.complete(null);
    }
  }

  /**
   * Completes when new connections are refused, no connection is open, and the carrier of each has
   * closed: its peer has been told. A carrier that does not tell of its close is waited for two
   * seconds, to the tick.
   */
  public CompletableFuture<Void> allClosed() {
    lookIfAllClosed();
    return allClosed.copy();
  }

  /** Judges heartbeats, ages and tokens of all connections; call once a second. */
  public void tick() {
    // Asked for once, not twice a connection.
    long now = nanos.getAsLong();
    Instant instant = clock.instant();
    live.values().forEach(connection -> connection.tick(now, instant));
    closing.values().removeIf(since -> now - since >= CLOSE_NANOS);
    lookIfAllClosed();
  }

  /** How many connections are open. */
  public int count() {
    return live.size();
  }

  /** Whether a connection is open; false from before its listeners are told of its end. */
  public boolean isOpen(String connection) {
    return live.containsKey(connection);
  }

  /** All open connections, as a live view. */
  public Collection<Connection> all() {
    return live.values();
  }

  /** Whether new connections are refused. */
  public boolean draining() {
    return draining;
  }

  /** What to tell who was not let in for this: that it is overload, or that the instance goes. */
  public String reason(Rejection rejection) {
    return draining && rejection.code() == ErrorCode.OVERLOADED ? DRAIN : rejection.code().code();
  }

  /**
   * Closes every connection of a user.
   *
   * @return how many
   */
  public int close(String user, CloseCode code, String reason) {
    List<Connection> theirs =
        live.values().stream().filter(c -> c.identity().user().equals(user)).toList();
    theirs.forEach(c -> c.close(code, reason));
    return theirs.size();
  }

  /** Refuses new connections from now on. */
  public void refuse() {
    draining = true;
    lookIfAllClosed();
  }

  /**
   * Refuses new connections and tells every open one to come back, each after a random part of
   * {@code spread}, when what it has asked for so far was answered; then closes it when that was
   * written.
   *
   * @param patience how long publishes may wait for their answers
   */
  public void drain(Duration spread, Duration patience) {
    drain(spread, patience, (task, after) -> task.run());
  }

  /**
   * The same, but of the peers who cannot be told when to come back each is sent away at a time of
   * its own within the spread.
   *
   * @param later runs a short task after a while
   * @return whether there are such peers
   */
  public boolean drain(Duration spread, Duration patience, BiConsumer<Runnable, Duration> later) {
    draining = true;
    boolean untold = false;
    for (Connection connection : live.values()) {
      Delivery.Goodbye last = goodbye(spread);
      Runnable leave = () -> connection.dismiss(CloseCode.RESTART, DRAIN, last, patience);
      if (connection.tellsReturn()) {
        leave.run();
      } else {
        untold = true;
        later.accept(leave, last.reconnectIn());
      }
    }
    lookIfAllClosed();
    return untold;
  }

  /** Tells those who are still open after {@link #drain} at once, answered or not. */
  public void cutShort(Duration spread) {
    live.values().forEach(connection -> sendAway(connection, spread));
  }

  private void sendAway(Connection connection, Duration spread) {
    connection.close(CloseCode.RESTART, DRAIN, goodbye(spread));
  }

  private Delivery.Goodbye goodbye(Duration spread) {
    long after = random.nextLong(Math.max(1, spread.toMillis()));
    return new Delivery.Goodbye(DRAIN, Duration.ofMillis(after));
  }
}
