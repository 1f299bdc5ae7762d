package io.carillon.core.room;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.RoomName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Latest acts of the users that an operator watches, on this instance. A user is watched from the
 * first question about them until {@link #WATCH} after the last one; for all others an act costs
 * one look into an empty map, and nothing is kept. Bounded in users and acts. Thread-safe.
 */
public final class UserActs {
  /** How long a user is watched after an operator has asked. */
  static final Duration WATCH = Duration.ofSeconds(15);

  /** Number of acts that are kept of each. */
  static final int KEPT = 200;

  /** Number of users who are watched at a time; a further one is told of no acts. */
  static final int MOST = 100;

  private final LongSupplier nanos;
  private final Map<String, Watched> watched = new ConcurrentHashMap<>();

  UserActs(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Kind of an act. */
  public enum ActKind {
    /** An event was published; its number is known. */
    PUBLISHED,
    /** A publish, a signal or a join was refused, with a code. */
    REFUSED,
    /** A signal was sent. */
    SIGNALLED,
    /** A room is read from now on. */
    JOINED,
    /** A room is not read any more. */
    LEFT
  }

  /**
   * Act of a user.
   *
   * @param nanos when, by the monotonic clock
   * @param kind what was done
   * @param room in which room
   * @param name name of the event or the signal; null where there is none
   * @param seq number of the event; 0 where there is none
   * @param code code of the refusal; null where it was not refused
   */
  public record Act(
      long nanos,
      ActKind kind,
      RoomName room,
      @Nullable String name,
      long seq,
      @Nullable String code) {}

  private final class Watched {
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ArrayDeque<Act> acts = new ArrayDeque<>();

    private volatile long asked = nanos.getAsLong();

    private void add(Act act) {
      lock.lock();
      try {
        if (acts.size() == KEPT) {
          acts.removeLast();
        }
        acts.addFirst(act);
      } finally {
        lock.unlock();
      }
    }

    private List<Act> all() {
      lock.lock();
      try {
        return List.copyOf(acts);
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * The latest acts of a user since the first question, the last one first. Watches the user from
   * now on.
   */
  public List<Act> of(String user) {
    sweep();
    Watched theirs = watched.get(user);
    if (theirs == null) {
      if (watched.size() >= MOST) {
        return List.of();
      }
      theirs = watched.computeIfAbsent(user, u -> new Watched());
    }
    theirs.asked = nanos.getAsLong();
    return theirs.all();
  }

  /** How long ago an act was. */
  public Duration since(Act act) {
    return Duration.ofNanos(Math.max(0, nanos.getAsLong() - act.nanos));
  }

  /** Forgets users whom nobody has asked about lately; call now and then. */
  void sweep() {
    long now = nanos.getAsLong();
    for (Iterator<Watched> each = watched.values().iterator(); each.hasNext(); ) {
      if (now - each.next().asked > WATCH.toNanos()) {
        each.remove();
      }
    }
  }

  void published(String user, RoomName room, String name, long seq) {
    add(user, ActKind.PUBLISHED, room, name, seq, null);
  }

  void refused(String user, RoomName room, @Nullable String name, String code) {
    add(user, ActKind.REFUSED, room, name, 0, code);
  }

  void signalled(String user, RoomName room, String name) {
    add(user, ActKind.SIGNALLED, room, name, 0, null);
  }

  void joined(String user, RoomName room) {
    add(user, ActKind.JOINED, room, null, 0, null);
  }

  void left(String user, RoomName room) {
    add(user, ActKind.LEFT, room, null, 0, null);
  }

  private void add(
      String user,
      ActKind kind,
      RoomName room,
      @Nullable String name,
      long seq,
      @Nullable String code) {
    if (watched.isEmpty()) {
      return;
    }
    Watched theirs = watched.get(user);
    if (theirs != null) {
      theirs.add(new Act(nanos.getAsLong(), kind, room, name, seq, code));
    }
  }
}
