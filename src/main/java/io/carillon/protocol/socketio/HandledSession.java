package io.carillon.protocol.socketio;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.RecoveryStore.Owned;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Stored session of one handled socket. Claimed or begun by one thread before anything else;
 * thread-safe from then on.
 */
final class HandledSession {
  private static final int MAX_PID = 64;

  private final RecoverySessions sessions;
  private final String connection;

  /** Whether the store may have the session. */
  private final AtomicBoolean stored = new AtomicBoolean();

  private volatile String pid = "";
  private volatile String user = "";

  HandledSession(RecoverySessions sessions, String connection) {
    this.sessions = sessions;
    this.connection = connection;
  }

  private Owned owned() {
    return new Owned(pid, connection);
  }

  /** Secret that names the session; null: sessions are not kept. */
  @Nullable String pid() {
    return sessions.kept() ? pid : null;
  }

  /** Whether sessions are kept, so that events have an offset. */
  boolean kept() {
    return sessions.kept();
  }

  /** Begins a new session; returns its secret, also if none are kept. */
  String begin(String whose) {
    user = whose;
    pid = sessions.secret();
    return pid;
  }

  /**
   * Takes over a session from the connection that has it. Blocks.
   *
   * @param before its secret as the client has it, or null
   * @return its state; empty: there is no such session of this user
   * @throws LogUnavailableException if the store cannot be reached
   */
  Optional<String> claim(@Nullable String before, String whose) {
    if (before == null || before.length() > MAX_PID) {
      return Optional.empty();
    }
    user = whose;
    pid = before;
    Optional<String> state = sessions.claim(owned(), user);
    stored.set(state.isPresent());
    return state;
  }

  /** Removes a claimed session, which cannot be resumed. Blocks. */
  void discard() {
    sessions.forget(owned());
    stored.set(false);
  }

  /**
   * Stores the session. Blocks.
   *
   * @throws RefusedException with {@link ErrorCode#STORAGE} if the store cannot be reached
   */
  void save(String state) {
    try {
      sessions.save(owned(), user, state);
    } catch (LogUnavailableException away) {
      throw new RefusedException(ErrorCode.STORAGE);
    } finally {
      stored.set(true);
    }
  }

  /** Removes the session if it may be stored, so that it cannot be resumed. Returns at once. */
  void drop() {
    if (stored.getAndSet(false)) {
      sessions.drop(owned());
    }
  }
}
