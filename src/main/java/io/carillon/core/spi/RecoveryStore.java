package io.carillon.core.spi;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/**
 * Sessions of guests whose protocol lets a client go on where it was, shared by all instances: an
 * instance that is killed leaves them behind. A session belongs to one connection at a time; what
 * another one wants of it has no effect. Blocking; throws {@link LogUnavailableException} when the
 * store cannot be reached.
 */
public interface RecoveryStore {
  /**
   * A session, and the connection that it belongs to.
   *
   * @param pid the secret that its client alone knows; the store keeps no more than its hash
   * @param connection the connection's id
   */
  record Owned(String pid, String connection) {
    @Override
    public String toString() {
      return "Owned[" + connection + ']';
    }
  }

  /**
   * Makes a session, or writes it anew; durable when it returns.
   *
   * @param user whose it is; nobody else gets it
   * @param state what {@link #claim} gives back, opaque here
   * @param life how long it is kept from now on, by the store's time
   */
  void save(Owned session, String user, String state, Duration life);

  /**
   * Takes a session over from whichever connection it belongs to, were that still open or not.
   *
   * @param session as it is from now on
   * @return its state; empty if there is none of this user, or no more
   */
  Optional<String> claim(Owned session, String user, Duration life);

  /** Removes a session. */
  void forget(Owned session);

  /**
   * Keeps sessions for so long from now on.
   *
   * @param sessions those that belong to another connection by now are left alone
   */
  void keep(Collection<Owned> sessions, Duration life);
}
