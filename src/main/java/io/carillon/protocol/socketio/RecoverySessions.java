package io.carillon.protocol.socketio;

import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.RecoveryStore;
import io.carillon.core.spi.RecoveryStore.Owned;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Sessions of this instance's connections, and how long they are kept. A session that is open is
 * kept anew each minute; when its connection ends, which it may do without anybody being told, it
 * is kept for as long as a client may be away. Thread-safe; what reads and writes the store blocks.
 */
public final class RecoverySessions {
  /** How many calls of {@link #keep} there are from one keeping of what is open to the next. */
  private static final int ROUNDS = 12;

  /** How long after it a session that is open may be kept anew. */
  private static final Duration ROUND = Duration.ofSeconds(75);

  private static final System.Logger LOG = System.getLogger(RecoverySessions.class.getName());

  private final RecoveryStore store;
  private final Duration away;

  /** A session that is open is kept until it is kept anew, late perhaps, and then for a client. */
  private final Duration keptOpen;

  private final Supplier<String> secrets;
  private final Executor writers;
  private final Map<String, Owned> open = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<Owned> ended = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Owned> dropped = new ConcurrentLinkedQueue<>();
  private int round;

  /**
   * Knows no session yet.
   *
   * @param away how long a client may be away; zero: no session is kept
   * @param secrets makes unguessable names
   * @param writers runs what writes and is waited for by nobody: give virtual threads
   */
  public RecoverySessions(
      RecoveryStore store, Duration away, Supplier<String> secrets, Executor writers) {
    this.store = store;
    this.away = away;
    this.keptOpen = away.plus(ROUND);
    this.secrets = secrets;
    this.writers = writers;
  }

  /** Whether sessions are kept at all. */
  boolean kept() {
    return away.isPositive();
  }

  /** A name for a new session, which nobody can guess. */
  String secret() {
    return secrets.get();
  }

  void save(Owned session, String user, String state) {
    store.save(session, user, state, keptOpen);
    open.put(session.connection(), session);
  }

  Optional<String> claim(Owned session, String user) {
    Optional<String> state = store.claim(session, user, keptOpen);
    if (state.isPresent()) {
      open.put(session.connection(), session);
    }
    return state;
  }

  void forget(Owned session) {
    open.remove(session.connection());
    store.forget(session);
  }

  /** Nobody is to go on with a session; it is removed right after. Returns at once. */
  void drop(Owned session) {
    open.remove(session.connection());
    dropped.add(session);
    writers.execute(this::forgetDropped);
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

  /** A connection has ended, of whatever protocol. Returns at once. */
  public void ended(String connection) {
    Owned session = open.remove(connection);
    if (session != null) {
      ended.add(session);
    }
  }

  /** How many sessions belong to connections of this instance. */
  public int count() {
    return open.size();
  }

  /** Writes how long sessions are kept; every five seconds, by one thread at a time. */
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
        store.keep(List.copyOf(open.values()), keptOpen);
      } catch (LogUnavailableException e) {
        // They are tried again in a minute, and are kept for longer than that.
        LOG.log(Level.DEBUG, "sessions could not be kept", e);
      }
    }
  }
}
