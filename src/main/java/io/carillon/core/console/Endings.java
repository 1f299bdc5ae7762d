package io.carillon.core.console;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.CloseCode;
import io.carillon.core.connection.ConnectionState;
import io.carillon.core.json.JsonWriter;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The latest ends of this instance's connections, with their reasons. Thread-safe, bounded. */
final class Endings {
  /** Number of ends that are remembered. */
  static final int KEPT = 1000;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final ArrayDeque<Ending> latest = new ArrayDeque<>();

  /**
   * End of a connection.
   *
   * @param state its last state
   * @param code the reason
   * @param at when, in database time
   */
  record Ending(ConnectionState state, CloseCode code, Instant at) {
    /** Writes it as one JSON object. */
    void write(JsonWriter out, String instance) {
      ConnectionRow.begin(out, state, instance)
          .field("ended", at.toString())
          .field("code", code.code())
          .field("reason", code.name().toLowerCase(Locale.ROOT))
          .endObject();
    }
  }

  void add(Ending ending) {
    lock.lock();
    try {
      if (latest.size() == KEPT) {
        latest.removeLast();
      }
      latest.addFirst(ending);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The latest ends, the last one first.
   *
   * @param user whose; null: anybody's
   */
  List<Ending> of(@Nullable String user, int limit) {
    lock.lock();
    try {
      List<Ending> found = new ArrayList<>();
      for (Iterator<Ending> it = latest.iterator(); it.hasNext() && found.size() < limit; ) {
        Ending each = it.next();
        if (user == null || user.equals(each.state.user())) {
          found.add(each);
        }
      }
      return found;
    } finally {
      lock.unlock();
    }
  }
}
