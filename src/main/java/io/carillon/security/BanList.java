package io.carillon.security;

import io.carillon.core.spi.Bans;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;

/** Cache of the banned users, which follows the store. Thread-safe; one refresh at a time. */
public final class BanList {
  private final Bans store;
  private final InstantSource clock;
  private volatile Map<String, Instant> until = Map.of();

  /**
   * An empty list until the first refresh.
   *
   * @param clock database time, as near as the instance knows it
   */
  public BanList(Bans store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * Reads all bans; blocks. On a failure what is known stays known.
   *
   * @throws io.carillon.core.spi.LogUnavailableException if the store cannot be reached
   */
  void refresh() {
    until =
        store.active().stream()
            .collect(Collectors.toUnmodifiableMap(Bans.Ban::user, Bans.Ban::until));
  }

  /** Whether a user is banned now. */
  boolean bans(String user) {
    Map<String, Instant> all = until;
    if (all.isEmpty()) {
      return false;
    }
    Instant end = all.get(user);
    return end != null && clock.instant().isBefore(end);
  }
}
