package io.carillon.protocol.socketio;

import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.RecoveryStore;
import io.carillon.core.spi.RecoveryStore.Owned;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Recoverable sessions of this instance's connections (Socket.IO's connection state recovery). The
 * lifetime of an open session in the store is extended each minute; after its connection ended,
 * perhaps unnoticed, it lasts for as long as a client may be away. Thread-safe; methods that read
 * or write the store block.
 */
public final class RecoverySessions {
  /** Calls of {@link #keep} between two extensions of the open sessions. */
  private static final int ROUNDS = 12;

  /** Longest time between two extensions of an open session. */
  private static final Duration ROUND = Duration.ofSeconds(75);

  private static final System.Logger LOG = System.getLogger(RecoverySessions.class.getName());

  private final RecoveryStore store;
  private final Duration away;

  /**
   * Lifetime of an open session: until its next extension, which may be late, and then as above.
   */
  private final Duration keptOpen;

  private final Supplier<String> secrets;
  private final Predicate<String> connections;
  private final Executor writers;
  private final Map<String, Set<Owned>> open = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Owned> ended = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Owned> dropped = new ConcurrentLinkedQueue<>();
  private int round;

  /**
   * Creates an empty registry.
   *
   * @param away how long a client may be away; zero: no sessions are kept
   * @param secrets makes unguessable session names
   * @param connections whether the connection of this name is open; false from before {@link
   *     #ended} is called for it
   * @param writers run writes that nobody waits for; they block, so give virtual threads
   */
  public RecoverySessions(
      RecoveryStore store,
      Duration away,
      Supplier<String> secrets,
      Predicate<String> connections,
      Executor writers) {
    this.store = store;
    this.away = away;
    this.keptOpen = away.plus(ROUND);
    this.secrets = secrets;
    this.connections = connections;
    this.writers = writers;
  }

  /** Whether sessions are kept at all. */
  boolean kept() {
    return away.isPositive();
  }

  /** Unguessable name for a new session. */
  String secret() {
    return secrets.get();
  }

  void save(Owned session, String user, String state) {
    if (kept()) {
      store.save(session, user, state, keptOpen);
      opened(session);
    }
  }

  Optional<String> claim(Owned session, String user) {
    if (!kept()) {
      return Optional.empty();
    }
    Optional<String> state = store.claim(session, user, keptOpen);
    if (state.isPresent()) {
      opened(session);
    }
    return state;
  }

  /** Whether a connection is open. */
  boolean isOpen(String connection) {
    return connections.test(connection);
  }

  /** Notes a session of a connection, which may have ended while the store was busy. */
  private void opened(Owned session) {
    open.compute(
        session.connection(),
        (connection, theirs) -> {
          Set<Owned> more = theirs == null ? new HashSet<>(2) : new HashSet<>(theirs);
          more.add(session);
          return more;
        });
    if (!isOpen(session.connection())) {
      ended(session.connection());
    }
  }

  private void closed(Owned session) {
    open.computeIfPresent(
        session.connection(),
        (connection, theirs) -> {
          Set<Owned> rest = new HashSet<>(theirs);
          rest.remove(session);
          return rest.isEmpty() ? null : rest;
        });
  }

  void forget(Owned session) {
    closed(session);
    if (kept()) {
      store.forget(session);
    }
  }

  /** Ends a session, so that nobody can resume it; returns before it is removed from the store. */
  void drop(Owned session) {
    closed(session);
    if (kept()) {
      dropped.add(session);
      writers.execute(this::forgetDropped);
    }
  }

  private void forgetDropped() {
    for (Owned each = dropped.poll(); each != null; each = dropped.poll()) {
      try {
        store.forget(each);
      } catch (LogUnavailableException away) {
        dropped.add(each);
        LOG.log(Level.DEBUG, "a session could not be removed", away);
        return;
      }
    }
  }

  /** Notes the end of a connection, of any protocol; returns at once. */
  public void ended(String connection) {
    Set<Owned> theirs = open.remove(connection);
    if (theirs != null) {
      ended.addAll(theirs);
    }
  }

  /** Number of sessions of this instance's connections. */
  public int count() {
    return open.values().stream().mapToInt(Set::size).sum();
  }

  /** Writes the lifetimes of sessions; call every five seconds, by one thread at a time. */
  public void keep() {
    forgetDropped();
    List<Owned> gone = new ArrayList<>();
    for (Owned each = ended.poll(); each != null; each = ended.poll()) {
      gone.add(each);
    }
    try {
      if (!gone.isEmpty()) {
        store.keep(gone, away);
        gone.clear();
      }
    } finally {
      ended.addAll(gone);
    }
    round = (round + 1) % ROUNDS;
    if (round == 0 && !open.isEmpty()) {
      try {
        store.keep(open.values().stream().flatMap(Set::stream).toList(), keptOpen);
      } catch (LogUnavailableException e) {
        // Tried again in a minute; their lifetime is longer than that.
        LOG.log(Level.DEBUG, "sessions could not be kept", e);
      }
    }
  }
}
