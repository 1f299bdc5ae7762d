package io.carillon.core.presence;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.Member;
import io.carillon.core.MembersPage;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.Gathering;
import io.carillon.core.spi.Backplane;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.Namespaces;
import io.carillon.core.spi.PresenceAct;
import io.carillon.core.spi.PresenceStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who is in which room. Thread-safe. Methods about connections never block: what they change is
 * written by a task of this object and told to followers when it was read back. Methods about
 * leases and lists block for the store and throw {@link LogUnavailableException}.
 *
 * <p>Whoever builds it calls {@link #start}; then {@link #poll} and {@link #sweep} every second,
 * {@link #rang} and {@link #missed} when the backplane says so, and {@link #reassert} when a beat
 * finds that the instance's lease had run out.
 */
public final class Presence implements Attendance, AutoCloseable {
  private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(1);
  private static final long PURGE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final PresenceStore store;
  private final Backplane backplane;
  private final Executor executor;
  private final LongSupplier nanos;
  private final Timing timing;
  private final Tracks tracks = new Tracks();
  private final Writer writer;
  private final Feed feed;
  private final Renewals renewals;
  private volatile @Nullable Duration draining;
  private volatile long purged;

  /**
   * Makes presence that does not write or tell anything yet.
   *
   * @param executor runs two tasks for as long as this lives; they block, so give virtual threads
   * @param gathering lets the writers of a room's followers begin together
   * @param nanos a monotonic clock
   */
  public Presence(
      PresenceStore store,
      Backplane backplane,
      Namespaces namespaces,
      Executor executor,
      Gathering gathering,
      LongSupplier nanos,
      Timing timing) {
    this.nanos = nanos;
    this.store = store;
    this.backplane = backplane;
    this.executor = executor;
    this.timing = timing;
    this.writer = new Writer(store, tracks::all, timing.grace(), this::changed);
    this.feed = new Feed(store, namespaces, timing.tick(), nanos, writer::done, gathering);
    this.renewals = new Renewals(timing.lease());
    this.purged = nanos.getAsLong();
  }

  /** Begins to write and to tell. */
  public void start() {
    executor.execute(writer);
    executor.execute(feed);
  }

  /** Ends both tasks after what waits was written, if the store takes it. */
  @Override
  public void close() {
    writer.close();
    feed.close();
  }

  // ---- connections ----------------------------------------------------------------------------

  @Override
  public void track(Connection c, RoomName room, String state) {
    checkSize(state);
    String user = c.identity().user();
    tracks.put(c.id(), new PresenceAct.Track(room, c.id(), user, state), writer::submit);
    Duration leaving = draining;
    if (leaving != null) {
      writer.submit(new PresenceAct.Close(room, c.id(), user, leaving));
    }
    if (c.closing()) {
      closed(c);
      return;
    }
    // Answered when it is there: else who comes back just within the grace may be seen to leave.
    writer.await(writer.submitted(), timing.patience());
  }

  @Override
  public void untrack(Connection c, RoomName room) {
    tracks.remove(c.id(), room, writer::submit);
  }

  @Override
  public void follow(Connection c, RoomName room) {
    feed.follow(c, room, writer.submitted());
    if (c.closing()) {
      feed.unfollowAll(c);
    }
  }

  @Override
  public void unfollow(Connection c, RoomName room) {
    feed.unfollow(c, room);
  }

  @Override
  public void left(Connection c, RoomName room) {
    feed.unfollow(c, room);
    untrack(c, room);
  }

  @Override
  public void closed(Connection c) {
    feed.unfollowAll(c);
    Duration leaving = draining;
    Duration grace = leaving == null ? timing.grace() : leaving;
    tracks.removeAll(
        c.id(), (room, user) -> writer.submit(new PresenceAct.Close(room, c.id(), user, grace)));
  }

  // ---- lists ----------------------------------------------------------------------------------

  @Override
  public int count(RoomName room) {
    Integer known = feed.count(room);
    return known == null ? store.count(room) : known;
  }

  @Override
  public MembersPage members(RoomName room, int limit, @Nullable String page) {
    writer.await(writer.submitted(), timing.patience());
    return store.members(room, limit, page);
  }

  // ---- leases ---------------------------------------------------------------------------------

  @Override
  public void lease(Identity who, RoomName room, String state) {
    checkSize(state);
    write(new PresenceAct.Lease(room, who.user(), state, timing.lease()));
  }

  @Override
  public void renewLeases(Identity who, Collection<RoomName> rooms) {
    long now = nanos.getAsLong();
    for (RoomName room : rooms) {
      if (renewals.due(room, who.user(), now)) {
        writer.submit(new PresenceAct.Renew(room, who.user(), timing.lease()));
      }
    }
  }

  @Override
  public void unlease(Identity who, RoomName room) {
    write(new PresenceAct.Unlease(room, who.user()));
  }

  private void write(PresenceAct act) {
    if (!writer.await(writer.submit(act), timing.patience())) {
      throw new LogUnavailableException(
          "the presence store did not answer", new TimeoutException("presence"));
    }
  }

  private static void checkSize(String state) {
    if (state.length() > Member.MAX_STATE_BYTES
        || state.getBytes(StandardCharsets.UTF_8).length > Member.MAX_STATE_BYTES) {
      throw new RefusedException(ErrorCode.TOO_LARGE);
    }
  }

  // ---- what the world tells -------------------------------------------------------------------

  /** A doorbell: the room's members have reached this revision. Returns at once. */
  public void rang(RoomName room, long revision) {
    feed.heard(room, revision);
  }

  /**
   * Anything may have been missed, or the database may be another one than before: reads all
   * followed rooms as a whole and asserts this instance's own members. Returns at once.
   */
  public void missed() {
    feed.doubt();
    reassert();
  }

  /** The store may have ended this instance's members: brings back what is missing. */
  public void reassert() {
    if (draining == null) {
      writer.reassert();
    }
  }

  /** Compares the revisions of all followed rooms with the store, in one query; blocks. */
  public void poll() {
    feed.compare();
  }

  /** Ends, for all instances, members whose time is over; blocks. */
  public void sweep() {
    renewals.sweep(nanos.getAsLong());
    store.sweep().forEach(this::changed);
    if (nanos.getAsLong() - purged > PURGE_NANOS) {
      purged = nanos.getAsLong();
      store.purge();
    }
  }

  /**
   * The instance is going: its members stay until they had time to come back elsewhere, whatever
   * becomes of the instance. Blocks, some seconds at the most; a store that is away keeps nobody
   * from going.
   *
   * @param reconnectIn the latest time at which clients were told to come back
   */
  public void drained(Duration reconnectIn) {
    Duration stay = reconnectIn.plus(timing.grace());
    draining = stay;
    writer.await(writer.submitted(), DRAIN_PATIENCE);
    try {
      store.drain(stay).forEach(this::changed);
    } catch (LogUnavailableException away) {
      // Then the members end with this instance's lease.
    }
  }

  private void changed(RoomName room, long revision) {
    backplane.ringPresence(room, revision);
    feed.heard(room, revision);
  }
}
