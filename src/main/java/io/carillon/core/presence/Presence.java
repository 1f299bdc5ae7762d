package io.carillon.core.presence;

import io.carillon.core.Lessee;
import io.carillon.core.Member;
import io.carillon.core.MembersBy;
import io.carillon.core.MembersPage;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.WakeBatch;
import io.carillon.core.spi.Backplane;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.Namespaces;
import io.carillon.core.spi.PresenceAct;
import io.carillon.core.spi.PresenceStore;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Presence of users in rooms, with state, leases and grace. Thread-safe. Methods about connections
 * never block: a task of this object writes their changes, and followers are told after they were
 * read back; {@link #awaitWritten} waits for the write. Methods about lists and {@link #lease} and
 * {@link #unlease} block for the store and throw {@link LogUnavailableException}.
 *
 * <p>The owner calls {@link #start}; then {@link #poll} and {@link #sweep} every second, {@link
 * #rang} and {@link #missed} when the backplane reports it, and {@link #reassert} when a renewal
 * finds that the instance's lease had run out.
 */
public final class Presence implements AutoCloseable {
  private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(1);
  private static final long PURGE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final PresenceStore store;
  private final Backplane backplane;
  private final Executor executor;
  private final LongSupplier nanos;
  private final PresenceTiming timing;
  private final LocalMembers localMembers = new LocalMembers();
  private final ActQueue queue = new ActQueue();
  private final PresenceWriter writer;
  private final TaskFailures writing;
  private final TaskFailures telling;
  private final PresenceBroadcaster broadcaster;
  private final Leases leases;
  private volatile @Nullable Duration draining;
  private volatile long purged;

  /**
   * Creates presence; {@link #start} begins its tasks.
   *
   * @param executor runs two tasks for as long as this lives; they block, so give virtual threads
   * @param wakes lets the writers of a room's followers begin together
   * @param nanos a monotonic clock
   */
  public Presence(
      PresenceStore store,
      Backplane backplane,
      Namespaces namespaces,
      Executor executor,
      WakeBatch wakes,
      LongSupplier nanos,
      PresenceTiming timing) {
    this.nanos = nanos;
    this.store = store;
    this.backplane = backplane;
    this.executor = executor;
    this.timing = timing;
    this.writing = new TaskFailures("writing members", nanos);
    this.telling = new TaskFailures("telling members", nanos);
    this.writer =
        new PresenceWriter(store, queue, localMembers::all, timing.grace(), this::changed, writing);
    this.broadcaster =
        new PresenceBroadcaster(
            store, namespaces, timing.tick(), nanos, queue::done, wakes, telling);
    this.leases = new Leases(queue, timing, nanos);
    this.purged = nanos.getAsLong();
  }

  /** Starts the writer and the broadcaster. */
  public void start() {
    executor.execute(writer);
    executor.execute(broadcaster);
  }

  /** Ends both tasks after the queued acts were written, if the store takes them. */
  @Override
  public void close() {
    queue.close();
    broadcaster.close();
  }

  // ---- connections ----------------------------------------------------------------------------

  /** As {@link #track(Connection, RoomName, String, String)}, under the connection's name. */
  public void track(Connection c, RoomName room, String state) {
    track(c, room, null, state);
  }

  /**
   * Makes the connection a member, or changes the state.
   *
   * @param as the member's name, where it is another than the connection's; null: the connection's,
   *     or the one that it is a member under already
   * @throws RefusedException with {@code too_large} if the state is larger than 1 KiB
   */
  public void track(Connection c, RoomName room, @Nullable String as, String state) {
    Member.checkState(state);
    String before = localMembers.name(c.id(), room);
    String user = as != null ? as : before != null ? before : c.identity().user();
    if (before != null && !before.equals(user)) {
      untrack(c, room);
    }
    localMembers.put(
        c.id(), new PresenceAct.TrackConnection(room, c.id(), user, state), queue::submit);
    Duration leaving = draining;
    if (leaving != null) {
      queue.submit(new PresenceAct.Close(room, c.id(), user, leaving));
    }
    if (c.closing()) {
      closed(c);
    }
  }

  /**
   * Waits until all acts queued so far are written, at most for {@link PresenceTiming#patience}. A
   * client that is answered earlier may reconnect within the grace and still be seen to leave.
   */
  public void awaitWritten() {
    queue.await(queue.submitted(), timing.patience());
  }

  /** Ends the connection's membership at once. */
  public void untrack(Connection c, RoomName room) {
    localMembers.remove(c.id(), room, queue::submit);
  }

  /**
   * Subscribes the connection to the room's members: it gets the list (or the count), then the
   * changes, each once and in the store's order. The list includes all acts queued before.
   */
  public void follow(Connection c, RoomName room, MembersBy by) {
    broadcaster.follow(c, room, by, queue.submitted());
    if (c.closing()) {
      broadcaster.unfollowAll(c);
    }
  }

  /** Ends the subscription of a connection to the room's members. */
  public void unfollow(Connection c, RoomName room) {
    broadcaster.unfollow(c, room);
  }

  /** Ends membership and subscription of a connection that left the room. */
  public void left(Connection c, RoomName room) {
    broadcaster.unfollow(c, room);
    untrack(c, room);
  }

  /** Ends a connection's part: its user stays a member for the grace, its subscriptions end. */
  public void closed(Connection c) {
    Duration leaving = draining;
    Duration grace = leaving == null ? timing.grace() : leaving;
    boolean said = false;
    try {
      localMembers.removeAll(
          c.id(), (room, user) -> queue.submit(new PresenceAct.Close(room, c.id(), user, grace)));
      leases.release(c.id(), grace);
      said = true;
    } finally {
      if (!said) {
        // A failure came in between: the store's surplus members are found by comparing.
        reassert();
      }
      broadcaster.unfollowAll(c);
    }
  }

  // ---- lists ----------------------------------------------------------------------------------

  /** Number of the room's members; reads the store unless the room is followed here. */
  public int count(RoomName room) {
    Integer known = broadcaster.count(room);
    return known == null ? store.count(room) : known;
  }

  /**
   * A page of the members, ordered by user name, including all acts queued before.
   *
   * @param page the {@code next} of the page before; null for the first
   */
  public MembersPage members(RoomName room, int limit, @Nullable String page) {
    awaitWritten();
    return store.members(room, limit, page);
  }

  // ---- leases ---------------------------------------------------------------------------------

  /**
   * Makes the lessee a member for the time of a lease, or renews that; done on return. A call of a
   * client that a later one has overtaken does nothing.
   *
   * @throws RefusedException with {@code too_large} if the state is larger than 1 KiB
   */
  public void lease(Lessee who, RoomName room, String state) {
    Member.checkState(state);
    leases.lease(who, room, state);
  }

  /** Renews the leases that the lessee has in these rooms; does not block. */
  public void renewLeases(Lessee who, Collection<RoomName> rooms) {
    leases.renew(who, rooms);
  }

  /**
   * Renews the leases that the client has in these rooms for as long as the connection, a stream of
   * this client, is open; then they end with the grace. {@link Lessee#call} orders the streams of a
   * client: the latest counts. Does not block.
   */
  public void holdLeases(Connection c, Lessee who, Collection<RoomName> rooms) {
    leases.hold(c.id(), who, rooms);
    if (c.closing()) {
      closed(c);
    }
  }

  /** Ends a lease; done on return. As {@link #lease}, a call that was overtaken does nothing. */
  public void unlease(Lessee who, RoomName room) {
    leases.unlease(who, room);
  }

  // ---- the backplane and the clock -------------------------------------------------------------

  /** Takes a doorbell: the room's members have reached this revision. Returns at once. */
  public void rang(RoomName room, long revision) {
    broadcaster.heard(room, revision);
  }

  /**
   * Handles a gap in the messages of the other instances, or a change of the database: reads all
   * followed rooms as a whole and asserts this instance's members. Returns at once.
   */
  public void missed() {
    broadcaster.doubt();
    reassert();
  }

  /** Asserts this instance's members: the store may have ended them. */
  public void reassert() {
    if (draining == null) {
      queue.reassert();
    }
  }

  /** Seconds since writing or telling began to fail; 0 if neither does. */
  public double troubledSeconds() {
    return Math.max(writing.seconds(), telling.seconds());
  }

  /** Compares the revisions of all followed rooms with the store, in one query; blocks. */
  public void poll() {
    broadcaster.compare();
  }

  /** Ends expired members of all instances, and renews leases held by streams; blocks. */
  public void sweep() {
    leases.renewHeld();
    store.sweep().forEach(this::changed);
    if (nanos.getAsLong() - purged > PURGE_NANOS) {
      purged = nanos.getAsLong();
      store.purge();
    }
  }

  /**
   * Keeps this instance's members during its shutdown: they stay until they had time to reconnect
   * elsewhere, even if the instance ends before. Blocks, some seconds at the most; a store that is
   * away does not prevent the shutdown.
   *
   * @param reconnectIn the latest time at which clients were told to come back
   */
  public void drained(Duration reconnectIn) {
    Duration stay = reconnectIn.plus(timing.grace());
    draining = stay;
    queue.await(queue.submitted(), DRAIN_PATIENCE);
    try {
      store.drain(stay).forEach(this::changed);
    } catch (LogUnavailableException away) {
      // Then the members end with this instance's lease.
    }
  }

  private void changed(RoomName room, long revision) {
    backplane.ringPresence(room, revision);
    broadcaster.heard(room, revision);
  }
}
