package io.carillon.security;

import io.carillon.core.Identity;
import io.carillon.core.spi.Revocations;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cache of revoked credentials: {@link #refresh()} follows the store (each second) by what is new,
 * and {@link #add} takes a kick at once. For each user the latest moment holds, wherever it comes
 * from, and it is held until no credential can be as old. Thread-safe; one refresh at a time.
 */
public final class RevocationList {
  /**
   * How far each read reaches back behind the one before: a revocation is visible when its
   * transaction has committed, which may be later than the moment it is written at.
   */
  static final Duration OVERLAP = Duration.ofMinutes(1);

  /** How often everything is read, for what was visible later than that. */
  static final Duration WHOLE = Duration.ofMinutes(10);

  private final Revocations store;
  private final Duration kept;
  private final BanList bans;
  private final ConcurrentHashMap<String, Instant> known = new ConcurrentHashMap<>();

  // Of the refreshing thread.
  private Instant last = Instant.EPOCH;
  private Instant whole = Instant.EPOCH.minus(WHOLE);

  /**
   * An empty list until the first refresh.
   *
   * @param kept time for which a revocation is kept: at least the life of any credential
   * @param bans users whose credentials are all refused; refreshed with it
   */
  public RevocationList(Revocations store, Duration kept, BanList bans) {
    this.store = store;
    this.kept = kept;
    this.bans = bans;
  }

  /**
   * Reads what is new in the store; blocks. On a failure what is known stays known.
   *
   * @throws io.carillon.core.spi.LogUnavailableException if the store cannot be reached
   */
  public void refresh() {
    bans.refresh();
    boolean all = !last.isBefore(whole.plus(WHOLE));
    Revocations.RevocationChanges changes = store.since(all ? Instant.EPOCH : last.minus(OVERLAP));
    changes.before().forEach(this::add);
    last = changes.asOf();
    if (all) {
      whole = last;
      Instant over = last.minus(kept);
      known.values().removeIf(before -> before.isBefore(over));
    }
  }

  /**
   * Reads the bans alone; blocks; from any thread. When it returns, a ban that was stored before
   * the call is refused.
   *
   * @throws io.carillon.core.spi.LogUnavailableException if the store cannot be reached
   */
  public void refreshBans() {
    bans.refresh();
  }

  /** Refuses at once what was issued to the user before this moment; never blocks. */
  public void add(String user, Instant issuedBefore) {
    known.merge(user, issuedBefore, (a, b) -> a.isBefore(b) ? b : a);
  }

  /**
   * Whether the credential is refused: its user is banned, or it is revoked. One that does not say
   * when it was issued counts as old.
   */
  public boolean refuses(Identity identity) {
    if (bans.bans(identity.user())) {
      return true;
    }
    Instant before = known.get(identity.user());
    if (before == null) {
      return false;
    }
    Instant issued = identity.issuedAt();
    return issued == null || issued.isBefore(before);
  }
}
