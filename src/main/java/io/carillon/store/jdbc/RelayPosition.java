package io.carillon.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Cursor of the relay in the outbox: it reads above the highest number seen and looks up exactly
 * those below that may still appear, so that a long transaction does not make it read from the
 * start.
 *
 * <p>A number below may still come because its transaction took it and is not visible yet. Once
 * every transaction that was running when the gap was noticed has ended (the snapshot's oldest
 * transaction is not below the {@code horizon} taken then), a number that is not there never comes.
 */
final class RelayPosition {
  /**
   * How far below the newest number a take-over looks for transactions that are just committing.
   */
  private static final long JUST_COMMITTING = 256;

  private static final int MOST_LOOKUPS = 4096;

  private long last;
  private long gapsAbove;
  private long takenOverAt;
  private boolean settled;

  /** Numbers that were skipped, with the horizon after which they never come. */
  private final TreeMap<Long, Long> missing = new TreeMap<>();

  /** Skipped numbers that have no horizon yet. */
  private final List<Long> gaps = new ArrayList<>();

  private boolean overflow;

  /** Begins with a full scan. */
  void takeOver(long newest, long horizon) {
    last = 0;
    gapsAbove = newest - JUST_COMMITTING;
    takenOverAt = horizon;
    settled = false;
    missing.clear();
    gaps.clear();
    overflow = false;
  }

  /** Rows above this number are to be read; 0: everything, from the start. */
  long after() {
    return last;
  }

  /** Numbers below that may still come, to look up exactly, ascending. */
  long[] lookups() {
    return missing.keySet().stream().limit(MOST_LOOKUPS).mapToLong(Long::longValue).toArray();
  }

  /**
   * Takes in what one scan found. If {@link #wantsHorizon} then says so, {@link #horizon} is due
   * before the next scan.
   *
   * @param asked what was looked up
   * @param found numbers that were found, ascending
   * @param end whether the scan came to the outbox's end
   * @param oldest the oldest transaction that was running at the scan's snapshot
   */
  void scanned(long[] asked, List<Long> found, boolean end, long oldest) {
    TreeSet<Long> there = new TreeSet<>(found);
    for (long number : asked) {
      Long never = missing.get(number);
      if (there.contains(number) || (never != null && oldest >= never)) {
        missing.remove(number);
      }
    }
    for (long number : there.tailSet(last, false)) {
      for (long gap = Math.max(last, gapsAbove) + 1; gap < number && !overflow; gap++) {
        overflow = gaps.size() + missing.size() >= MOST_LOOKUPS;
        gaps.add(gap);
      }
      last = number;
    }
    if (!settled && !overflow && end && oldest >= takenOverAt) {
      settled = true; // transactions in flight at the take-over are visible now: once more
      gapsAbove = Math.max(gapsAbove, last);
      last = 0;
    }
  }

  /** Whether numbers were skipped for the first time. */
  boolean wantsHorizon() {
    return !gaps.isEmpty();
  }

  /** Gives a transaction number that was taken after the gaps were noticed. */
  void horizon(long transaction) {
    gaps.forEach(gap -> missing.put(gap, transaction));
    gaps.clear();
    if (overflow) { // too many to look up one by one: a full scan will find them
      overflow = false;
      settled = false;
      takenOverAt = transaction;
    }
  }
}
