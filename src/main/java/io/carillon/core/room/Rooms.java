package io.carillon.core.room;

import io.carillon.core.Command;
import io.carillon.core.Content;
import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.EventName;
import io.carillon.core.Head;
import io.carillon.core.HistoryPage;
import io.carillon.core.HistoryQuery;
import io.carillon.core.Identity;
import io.carillon.core.Joined;
import io.carillon.core.Publication;
import io.carillon.core.RefusedException;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.WakeBatch;
import io.carillon.core.json.Payload;
import io.carillon.core.limit.Limit;
import io.carillon.core.presence.Presence;
import io.carillon.core.spi.AppendResult;
import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.Backplane;
import io.carillon.core.spi.EventLog;
import io.carillon.core.spi.LogReads;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.Namespaces;
import io.carillon.core.spi.Occupancy;
import io.carillon.core.spi.Probe;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Facade of all rooms for clients: every request of a transport or a resource goes through here,
 * under the caller's rights. The other callers have facades of their own: {@link #events}, {@link
 * #maintenance}, {@link #statistics}. Thread-safe. Methods that read the log or the presence store
 * block and are meant for virtual threads; they throw {@link RefusedException} with the code for
 * the peer, and {@link LogUnavailableException} when the database cannot be reached.
 */
public final class Rooms {
  private static final int MAX_OCCUPIED = 1000;

  /** Most waiting joins for each running one; likewise for pages of history. */
  private static final int WAITING = 8;

  private final EventLog log;
  private final Backplane backplane;
  private final Presence presence;
  private final Occupancy occupancy;
  private final AccessCheck access;
  private final RoomRegistry registry;
  private final Joins joins;
  private final Membership membership;
  private final Publisher publisher;
  private final Histories histories;
  private final WakeBatch wakes;
  private final RoomEvents events;
  private final RoomMaintenance maintenance;
  private final RoomStatistics statistics;
  private final UserActs acts;

  /**
   * Collaborators of rooms.
   *
   * @param live reads the log to move rooms on; other readers must not hold it up
   * @param executor runs reads that block; give virtual threads
   * @param reads runs the reads that move rooms on; they block, and what they read must not wait
   *     behind other work: give as many threads of the platform as {@code live} has connections
   * @param fanOut runs what tells the readers of large rooms; give few threads of the platform
   * @param later runs a short task after a while
   * @param wakes lets the writers of a room's readers begin together
   * @param eventIds makes ids of events that came without a key (UUIDv7)
   * @param nanos a monotonic clock
   */
  public record Collaborators(
      EventLog log,
      LogReads live,
      Backplane backplane,
      Presence presence,
      Occupancy occupancy,
      Authorizer authorizer,
      Namespaces namespaces,
      Probe probe,
      Executor executor,
      Executor reads,
      Executor fanOut,
      BiConsumer<Runnable, Duration> later,
      WakeBatch wakes,
      Supplier<String> eventIds,
      LongSupplier nanos) {}

  /** Creates the facade; {@link #start} subscribes to own commits. */
  public Rooms(Collaborators given, RoomLimits limits) {
    this.log = given.log;
    this.backplane = given.backplane;
    this.presence = given.presence;
    this.occupancy = given.occupancy;
    this.acts = new UserActs(given.nanos);
    this.access = new AccessCheck(given.authorizer, acts, limits.shared());
    FanOut fanOut = new FanOut(given.fanOut, given.wakes, given.probe);
    Sequencer sequencer = new Sequencer(log, given.live, given.reads, fanOut);
    Catchup catchup = new Catchup(log, sequencer, given.executor, given.later, limits);
    JoinLimiter limiter = new JoinLimiter(limits.joining(), limits.joining() * WAITING);
    this.registry =
        new RoomRegistry(given.nanos, limits, given.namespaces, given.probe, catchup::resume);
    SubscriptionRegistry subscriptions = new SubscriptionRegistry(log, registry, sequencer, limits);
    this.membership = new Membership(access, presence, limits.shared(), given.nanos);
    this.joins = new Joins(access, subscriptions, presence, membership.counts(), limiter, acts);
    this.publisher = new Publisher(given, access, acts);
    this.histories =
        new Histories(log, new JoinLimiter(limits.histories(), limits.joining() * WAITING));
    Review review = new Review(access, given.executor);
    this.events = new RoomEvents(registry, sequencer, fanOut, backplane, joins);
    this.maintenance =
        new RoomMaintenance(registry, sequencer, subscriptions, review, occupancy, acts);
    this.statistics = new RoomStatistics(registry, subscriptions, limiter, acts);
    this.wakes = given.wakes;
  }

  /** Subscribes to own commits. Call once, before the first publish. */
  public void start() {
    log.onCommit(
        (events, answer) ->
            wakes.during(
                () -> {
                  this.events.committed(events);
                  answer.run();
                }));
  }

  /** Joins a room on a socket; {@code answer} gets the answer before any delivery of the room. */
  public void join(Connection connection, Command.Join join, Consumer<Joined> answer) {
    joins.join(connection, join, answer);
  }

  /**
   * Joins all rooms of a stream or of a poll: {@link Delivery.StreamJoined} comes first, then
   * resyncs, then events. All rooms are joined, or none.
   */
  public void stream(Connection connection, List<Command.Join> rooms) {
    joins.stream(connection, rooms);
  }

  /** Stops reading a room; a room that is not read is no error. */
  public void leave(Connection connection, RoomName room) {
    joins.leave(connection, room);
  }

  /**
   * Publishes. The future never fails and completes after the commit, perhaps on a writer's thread.
   *
   * @param content any JSON value, checked already, or bytes
   * @param key the publisher's key, as {@link Publication#key()} has it, or null
   * @param meta a flat object of strings as text, checked already, or null
   * @param origin the publishing connection, or null
   */
  public CompletableFuture<AppendResult> publish(
      Identity who,
      RoomName room,
      EventName name,
      Content content,
      @Nullable String key,
      @Nullable String meta,
      @Nullable String origin) {
    return publisher.publish(who, room, name, content, key, meta, origin);
  }

  /** Empty batch of a publisher's events, which are all checked before any is published. */
  public EventBatch batch(Identity who) {
    return new EventBatch(publisher, who);
  }

  /** Whether taking a publish or a signal may block. */
  boolean mayWait() {
    return access.mayWait();
  }

  /** Completes once all publishes that await their commit now are answered. */
  public CompletableFuture<Void> settled() {
    return publisher.settled();
  }

  /** Publishes for the server itself, to a room of the reserved namespace. */
  public CompletableFuture<AppendResult> publishOwn(Publication publication) {
    return publisher.append(publication);
  }

  /**
   * Sends a signal.
   *
   * @param from the sending connection, or empty
   * @param to the one user to get it, or null for all
   */
  public void signal(
      Identity who,
      RoomName room,
      EventName name,
      Content content,
      String from,
      @Nullable String to) {
    signal(who, null, room, name, content, from, to);
  }

  /**
   * Sends a signal under a name.
   *
   * @param as the sender's name if a protocol vouches for another one; null: that of {@code who}
   */
  void signal(
      Identity who,
      @Nullable String as,
      RoomName room,
      EventName name,
      Content content,
      String from,
      @Nullable String to) {
    access.charge(who, Right.SIGNAL, Limit.SIGNALS_ROOM, room);
    Payload.checkSize(content, Signal.MAX_DATA_BYTES);
    Signal signal = new Signal(room, name, content, as == null ? who.user() : as, from, to);
    events.signalled(signal);
    acts.signalled(who.user(), room, name.value());
    backplane.send(signal);
  }

  /** A page of the log. */
  public HistoryPage history(Identity who, HistoryQuery query) {
    return history(who, query, Integer.MAX_VALUE);
  }

  /** A page of approximately {@code bytes} at most, with at least one event if there is any. */
  HistoryPage history(Identity who, HistoryQuery query, int bytes) {
    access.require(who, Right.READ, query.room());
    return histories.page(query, bytes);
  }

  /**
   * One event of the log.
   *
   * @throws RefusedException {@code not_found} if there is none of this number, not yet or no more
   */
  public Event event(Identity who, RoomName room, long seq) {
    access.require(who, Right.READ, room);
    return histories.event(room, seq);
  }

  /** Makes the connection a member of a room that it has joined, or changes its state. */
  public void track(Connection connection, RoomName room, String state) {
    joins.track(connection, room, state);
  }

  /** Ends a membership; the room stays joined. */
  public void untrack(Connection connection, RoomName room) {
    joins.untrack(connection, room);
  }

  /** Members without a join. */
  public Membership membership() {
    return membership;
  }

  /** Summary of a room over all instances. */
  public RoomInfo room(Identity who, RoomName name) {
    access.require(who, Right.READ, name);
    Head head = log.heads(List.of(name)).getOrDefault(name, Head.EMPTY);
    Room here = registry.find(name);
    int connections = occupancy.elsewhere(name) + (here == null ? 0 : here.readers());
    return new RoomInfo(name, head.cursor(), head.floorCursor(), presence.count(name), connections);
  }

  /** Rooms that are read or have members, of those that {@code who} may read; in order. */
  public List<RoomName> occupied(Identity who, String prefix) {
    return occupancy.occupied(prefix, MAX_OCCUPIED).stream()
        .filter(room -> access.allows(who, Right.READ, room))
        .toList();
  }

  /** The entry of events. */
  public RoomEvents events() {
    return events;
  }

  /** The periodic work on all rooms. */
  public RoomMaintenance maintenance() {
    return maintenance;
  }

  /** The figures of the rooms here. */
  public RoomStatistics statistics() {
    return statistics;
  }
}
