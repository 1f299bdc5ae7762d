package io.carillon.security;

import io.carillon.core.spi.Bans;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** Cache of the banned users, which follows the store. Thread-safe. */
public final class BanList {
  private final Bans store;
  private final InstantSource clock;
  private final AtomicLong reads = new AtomicLong();
  private final AtomicReference<BansRead> latest = new AtomicReference<>(new BansRead(0, Map.of()));

  /** What a read has found: of two reads that overlap the one counts that began later. */
  private record BansRead(long number, Map<String, Instant> until) {
    static BansRead later(BansRead one, BansRead other) {
      return one.number > other.number ? one : other;
    }
  }

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
   * Reads all bans; blocks. On a failure what is known stays known. When it returns, a ban that was
   * stored before the call is known.
   *
   * @throws io.carillon.core.spi.LogUnavailableException if the store cannot be reached
   */
  void refresh() {
    long number = reads.incrementAndGet();
    Map<String, Instant> until =
        store.active().stream()
            .collect(Collectors.toUnmodifiableMap(Bans.Ban::user, Bans.Ban::until));
    latest.accumulateAndGet(new BansRead(number, until), BansRead::later);
  }

  /** Whether a user is banned now. */
  boolean bans(String user) {
    Map<String, Instant> all = latest.get().until;
    if (all.isEmpty()) {
      return false;
    }
    Instant end = all.get(user);
    return end != null && clock.instant().isBefore(end);
  }
}
