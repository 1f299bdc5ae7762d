package io.carillon.core.limit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The latest refusals by limits on this instance, one entry for each limit, user and address.
 * Thread-safe, bounded.
 */
public final class LimitHits {
  /** Most entries. */
  public static final int KEPT = 500;

  private final ReentrantLock lock = new ReentrantLock();

  /** The latest first. */
  @GuardedBy("lock")
  private final SequencedMap<Hitter, Hit> latest = new LinkedHashMap<>();

  /** Creates an empty list. */
  public LimitHits() {}

  private record Hitter(Limit limit, String user, String address) {}

  /**
   * Refusals of one peer by one limit.
   *
   * @param user whose; empty: nobody's
   * @param address where from; empty: not known
   * @param count how many
   * @param since when the first one was, in database time
   * @param at when the last one was
   */
  public record Hit(
      Limit limit, String user, String address, long count, Instant since, Instant at) {}

  /** Counts a refusal. */
  void add(Limit limit, String user, String address, Instant at) {
    Hitter hitter = new Hitter(limit, user, address);
    lock.lock();
    try {
      Hit known = latest.remove(hitter);
      latest.putFirst(
          hitter,
          known == null
              ? new Hit(limit, user, address, 1, at, at)
              : new Hit(limit, user, address, known.count + 1, known.since, at));
      if (latest.size() > KEPT) {
        latest.pollLastEntry();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The latest refusals, the last one first.
   *
   * @param user whose; null: anybody's
   */
  public List<Hit> of(@Nullable String user, int limit) {
    lock.lock();
    try {
      List<Hit> found = new ArrayList<>();
      for (Iterator<Hit> it = latest.values().iterator(); it.hasNext() && found.size() < limit; ) {
        Hit each = it.next();
        if (user == null || user.equals(each.user)) {
          found.add(each);
        }
      }
      return found;
    } finally {
      lock.unlock();
    }
  }
}
