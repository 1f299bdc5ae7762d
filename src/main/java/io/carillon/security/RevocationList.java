package io.carillon.security;

import io.carillon.core.Identity;
import io.carillon.core.spi.Revocations;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which credentials are refused, in memory: {@link #refresh()} follows the store (each second), and
 * {@link #add} takes a kick at once. A revocation that was heard of is never forgotten because an
 * older copy of the store comes in later.
 */
public final class RevocationList {
  private final Revocations store;
  private final ReentrantLock lock = new ReentrantLock();

  /** Heard by {@link #add} and not yet seen in the store. */
  private final Map<String, Instant> heard = new HashMap<>();

  private volatile Map<String, Instant> known = Map.of();

  /** An empty list until the first refresh. */
  public RevocationList(Revocations store) {
    this.store = store;
  }

  /**
   * Reads the store anew; blocks. On a failure what is known stays known.
   *
   * @throws io.carillon.core.spi.LogUnavailableException if the store cannot be reached
   */
  public void refresh() {
    Map<String, Instant> stored = store.all();
    lock.lock();
    try {
      heard.entrySet().removeIf(h -> !isBefore(stored, h.getKey(), h.getValue()));
      publish(stored);
    } finally {
      lock.unlock();
    }
  }

  /** Refuses at once what was issued to the user before this moment; never blocks long. */
  public void add(String user, Instant issuedBefore) {
    lock.lock();
    try {
      heard.merge(user, issuedBefore, RevocationList::later);
      publish(known);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the credential is revoked; one that does not say when it was issued counts as old. */
  public boolean refuses(Identity identity) {
    Instant before = known.get(identity.user());
    if (before == null) {
      return false;
    }
    Instant issued = identity.issuedAt();
    return issued == null || issued.isBefore(before);
  }

  private void publish(Map<String, Instant> stored) {
    Map<String, Instant> all = new HashMap<>(stored);
    heard.forEach((user, before) -> all.merge(user, before, RevocationList::later));
    known = Map.copyOf(all);
  }

  private static boolean isBefore(Map<String, Instant> stored, String user, Instant moment) {
    Instant there = stored.get(user);
    return there == null || there.isBefore(moment);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }
}
