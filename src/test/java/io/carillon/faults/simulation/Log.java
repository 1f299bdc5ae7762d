package io.carillon.faults.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The log of one room: dense from the floor to the head, cut back by a failover. */
final class Log {
  record Stored(String epoch, long seq, String id, String data, int op) {}

  final String room;
  final Map<String, Long> forks = new LinkedHashMap<>();
  private final List<Stored> events = new ArrayList<>();
  private final Map<String, Stored> keys = new HashMap<>();
  private int epochs = 1;
  private long floor;

  Log(String room) {
    this.room = room;
  }

  String epoch() {
    return room + 'e' + epochs;
  }

  long head() {
    return events.size();
  }

  long floor() {
    return floor;
  }

  String cursor() {
    return head() == 0 ? "0.0" : epoch() + '.' + head();
  }

  /** Stores an event, unless its key is there. */
  Stored append(String key, String data, int op) {
    Stored stored = keys.get(key);
    if (stored == null) {
      stored = new Stored(epoch(), head() + 1, key, data, op);
      events.add(stored);
      keys.put(key, stored);
    }
    return stored;
  }

  @Nullable Stored find(String key) {
    return keys.get(key);
  }

  Stored at(long seq) {
    return events.get((int) seq - 1);
  }

  /** Removes what is older. */
  void retain(int last) {
    floor = Math.max(floor, head() - last);
  }

  /** A failover that loses the last few events, not those below the floor. */
  void rewind(int lost) {
    for (int i = 0; i < lost && head() > floor; i++) {
      keys.remove(events.removeLast().id);
    }
    forks.put(epoch(), head());
    epochs++;
  }

  /** Why a reader at a position cannot go on; empty if it can. */
  String broken(String epoch, long seq) {
    if (seq > 0 && !epoch.equals(epoch()) && forks.getOrDefault(epoch, -1L) < seq) {
      return "epoch";
    }
    return seq > head() ? "ahead" : seq < floor ? "expired" : "";
  }
}
