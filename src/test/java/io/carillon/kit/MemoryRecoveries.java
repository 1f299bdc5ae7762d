package io.carillon.kit;

import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.RecoveryStore;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Sessions of guests in memory; times are not kept. Can be told to be away. */
public final class MemoryRecoveries implements RecoveryStore {
  private final Map<String, SessionRow> rows = new ConcurrentHashMap<>();
  private volatile boolean away;

  private record SessionRow(String connection, String user, String state) {}

  /** From now on the store cannot be reached, or can again. */
  public void away(boolean now) {
    away = now;
  }

  /** How many sessions there are. */
  public int count() {
    return rows.size();
  }

  private void reach() {
    if (away) {
      throw new LogUnavailableException("away", null);
    }
  }

  @Override
  public void save(Owned session, String user, String state, Duration life) {
    reach();
    rows.merge(
        session.pid(),
        new SessionRow(session.connection(), user, state),
        (old, fresh) -> old.connection.equals(fresh.connection) ? fresh : old);
  }

  @Override
  public Optional<String> claim(Owned session, String user, Duration life) {
    reach();
    SessionRow row =
        rows.computeIfPresent(
            session.pid(),
            (pid, old) ->
                old.user.equals(user)
                    ? new SessionRow(session.connection(), user, old.state)
                    : old);
    return row != null && row.user.equals(user) ? Optional.of(row.state) : Optional.empty();
  }

  @Override
  public void forget(Owned session) {
    reach();
    rows.computeIfPresent(
        session.pid(), (pid, old) -> old.connection.equals(session.connection()) ? null : old);
  }

  @Override
  public void keep(Collection<Owned> sessions, Duration life) {
    reach();
  }
}
