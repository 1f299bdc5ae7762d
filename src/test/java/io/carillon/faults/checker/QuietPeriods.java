package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.FaultOff;
import io.carillon.faults.history.Entry.FaultOn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * When faults were active, and when it was quiet: none active, none healed only just now. A fault
 * that was begun twice is over when it was ended twice; what it hit is for people.
 */
final class QuietPeriods {
  /** From the first of several overlapping faults to the end of the last. */
  record Spell(long on, long off) {}

  private final TreeMap<Long, Spell> spells = new TreeMap<>();
  private final long aftermath;

  QuietPeriods(List<Entry> entries, Expectations expected) {
    aftermath = expected.recover().toNanos();
    List<Entry> switches = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry instanceof FaultOn || entry instanceof FaultOff) {
        switches.add(entry);
      }
    }
    switches.sort(Comparator.comparingLong(Entry::at));
    Map<String, Integer> active = new HashMap<>();
    long since = 0;
    for (Entry entry : switches) {
      if (entry instanceof FaultOn on) {
        since = active.isEmpty() ? on.at() : since;
        active.merge(on.fault(), 1, Integer::sum);
      } else if (entry instanceof FaultOff off && active.containsKey(off.fault())) {
        active.computeIfPresent(off.fault(), (fault, times) -> times == 1 ? null : times - 1);
        if (active.isEmpty()) {
          spells.put(since, new Spell(since, off.at()));
        }
      }
    }
    if (!active.isEmpty()) {
      spells.put(since, new Spell(since, Long.MAX_VALUE));
    }
  }

  /** In the order of time; one that was never healed ends at the end of time. */
  Iterable<Spell> spells() {
    return spells.values();
  }

  /** Whether nothing was broken, or healed less than the time to recover before. */
  boolean quiet(long from, long to) {
    Map.Entry<Long, Spell> last = spells.floorEntry(to);
    return last == null
        || (last.getValue().off != Long.MAX_VALUE && last.getValue().off + aftermath < from);
  }

  /** The end of the faults that touch a time, or its beginning if there is none. */
  long healed(long from, long to) {
    long end = from;
    for (Spell spell : spells.headMap(to, true).values()) {
      if (spell.off >= from) {
        end = Math.max(end, spell.off);
      }
    }
    return end;
  }

  /** When the next fault begins after a time. */
  long next(long at) {
    Long on = spells.higherKey(at);
    return on == null ? Long.MAX_VALUE : on;
  }
}
