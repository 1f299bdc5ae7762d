package io.carillon.core.console;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Alerts of this instance: conditions that are looked at once a second, and since when each of them
 * holds. Thread-safe.
 */
public final class Alerts {
  private static final System.Logger LOG = System.getLogger(Alerts.class.getName());

  private final InstantSource clock;
  private final List<Condition> conditions = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();

  /** Those that hold, by code, in the order of the conditions. */
  @GuardedBy("lock")
  private Map<String, Alert> on = Map.of();

  /**
   * Condition that somebody has to look after.
   *
   * @param code its word, unique and the same for ever
   * @param text what is the matter, in one sentence; null while it does not hold. Must answer from
   *     memory
   */
  public record Condition(String code, Supplier<@Nullable String> text) {}

  /**
   * Condition that holds.
   *
   * @param code of the condition
   * @param text what is the matter
   * @param since when it was seen first
   */
  public record Alert(String code, String text, Instant since) {}

  /**
   * Creates a list without a condition.
   *
   * @param clock database time, as near as the instance knows it
   */
  public Alerts(InstantSource clock) {
    this.clock = clock;
  }

  /** Looks at one more condition from now on. */
  public void add(Condition condition) {
    conditions.add(condition);
  }

  /** Looks at all conditions; by one thread at a time. */
  public void look() {
    Instant now = clock.instant();
    Map<String, Alert> before = current();
    Map<String, Alert> after = new LinkedHashMap<>();
    for (Condition condition : conditions) {
      String text = text(condition);
      if (text != null) {
        Alert old = before.get(condition.code);
        Instant since = old == null ? now : old.since;
        after.put(condition.code, new Alert(condition.code, text, since));
      }
    }
    lock.lock();
    try {
      on = after;
    } finally {
      lock.unlock();
    }
  }

  /** A condition that cannot be judged is no alert; that would hide the others. */
  private static @Nullable String text(Condition condition) {
    try {
      return condition.text.get();
    } catch (RuntimeException defect) {
      LOG.log(Level.DEBUG, "an alert could not be judged", defect);
      return null;
    }
  }

  /** Those that held at the last look. */
  public List<Alert> on() {
    return List.copyOf(current().values());
  }

  private Map<String, Alert> current() {
    lock.lock();
    try {
      return on;
    } finally {
      lock.unlock();
    }
  }
}
