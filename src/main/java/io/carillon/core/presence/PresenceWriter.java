package io.carillon.core.presence;

import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.PresenceAct;
import io.carillon.core.spi.PresenceStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Group-commit writer of presence: all acts queued during the previous call of the store go into
 * the next one. While the store is away acts wait, in order. Nothing but {@link ActQueue#close}
 * ends it: after an unforeseen exception it tries again, and leaves an act out that always fails.
 */
final class PresenceWriter implements Runnable {
  private static final int MAX_BATCH = 512;

  /**
   * Unforeseen exceptions in a row that are taken for transient; after that one of the acts is to
   * blame.
   */
  private static final int PATIENT = 3;

  private final PresenceStore store;
  private final ActQueue queue;
  private final Supplier<List<PresenceAct.Reassert>> own;
  private final Duration grace;
  private final BiConsumer<RoomName, Long> changed;
  private final TaskFailures failures;

  /**
   * Creates a writer, to be run once.
   *
   * @param own all members of this instance, oldest first
   * @param grace time left to members that this instance does not know
   * @param changed takes each changed room with its revision
   */
  PresenceWriter(
      PresenceStore store,
      ActQueue queue,
      Supplier<List<PresenceAct.Reassert>> own,
      Duration grace,
      BiConsumer<RoomName, Long> changed,
      TaskFailures failures) {
    this.store = store;
    this.queue = queue;
    this.own = own;
    this.grace = grace;
    this.changed = changed;
    this.failures = failures;
  }

  @Override
  public void run() {
    try {
      while (queue.awaitWork()) {
        long pause = attempt();
        if (pause > 0) {
          queue.pause(pause);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Nanoseconds to wait before the next attempt; 0: it succeeded. */
  private long attempt() {
    try {
      if (assertOwn() && writeBatch()) {
        failures.over();
        return 0;
      }
      return failures.away();
    } catch (LogUnavailableException away) {
      return failures.away();
    } catch (RuntimeException | Error surprise) {
      return failures.surprise(surprise);
    }
  }

  /** Asserts this instance's members if requested. Idempotent: correct entries are not touched. */
  private boolean assertOwn() {
    if (!queue.takeReassert()) {
      return true;
    }
    boolean good = false;
    try {
      List<PresenceAct.Reassert> all = own.get();
      // Surplus members of the store end with the grace: those of dropped acts, or of ends that a
      // failover has undone.
      tell(store.retain(all, grace));
      good = true;
      for (int from = 0; good && from < all.size(); from += MAX_BATCH) {
        good = write(all.subList(from, Math.min(all.size(), from + MAX_BATCH)));
      }
      return good;
    } finally {
      if (!good) {
        queue.reassert();
      }
    }
  }

  private boolean writeBatch() {
    ActQueue.ActBatch batch = queue.peek(MAX_BATCH);
    if (batch.acts().isEmpty()) {
      return true;
    }
    boolean good = write(batch.acts());
    if (good) {
      queue.finish(batch);
    }
    return good;
  }

  /**
   * Writes acts, without those that can never be written; false: the lease of this instance is
   * over.
   */
  private boolean write(List<? extends PresenceAct> acts) {
    try {
      Map<RoomName, Long> revisions = store.apply(List.copyOf(acts));
      if (revisions == null) {
        return false;
      }
      tell(revisions);
      return true;
    } catch (LogUnavailableException away) {
      throw away;
    } catch (RefusedException never) {
      return halves(acts);
    } catch (RuntimeException surprise) {
      if (failures.surprises() < PATIENT) {
        throw surprise;
      }
      return halves(acts);
    }
  }

  private boolean halves(List<? extends PresenceAct> acts) {
    if (acts.size() == 1) {
      return true;
    }
    int half = acts.size() / 2;
    return write(acts.subList(0, half)) && write(acts.subList(half, acts.size()));
  }

  /** Rings for the changed rooms; the poll makes up for a doorbell that fails. */
  private void tell(Map<RoomName, Long> revisions) {
    try {
      revisions.forEach(changed);
    } catch (RuntimeException | Error surprise) {
      failures.surprise(surprise);
    }
  }
}
