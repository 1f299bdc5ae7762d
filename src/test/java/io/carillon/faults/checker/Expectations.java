package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.Note;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a run may do that another may not. Begin with {@link #strict()} and loosen what the fault
 * excuses.
 *
 * @param loss acknowledged events may be lost beyond a fork of their epoch: an asynchronous
 *     failover
 * @param resyncs reasons of resyncs that may happen at all; they must be honest besides
 * @param late in quiet times, the longest from an acknowledgement to a delivery
 * @param recover the longest from the healing of a fault to the end of all that it disturbed
 * @param grace a member that is gone for less than this is never seen to leave: the promised 5 s
 *     less the time that its return takes to every instance
 * @param authority the longest that something may still be delivered after its right was withdrawn
 * @param presenceInFaults whether lists of members are judged while a fault is active too; if not,
 *     their time begins when it is healed
 * @param exempt readers that are slow or broken on purpose: no liveness, no delays
 * @param growth what instances may hold more at the end than in the beginning; figures without an
 *     entry are not judged
 */
public record Expectations(
    boolean loss,
    Set<String> resyncs,
    Duration late,
    Duration recover,
    Duration grace,
    Duration authority,
    boolean presenceInFaults,
    Set<String> exempt,
    Map<String, Growth> growth) {
  private static final String NOTE = "expectations";

  /** Keeps copies, in order. */
  public Expectations {
    resyncs = new TreeSet<>(resyncs);
    exempt = new TreeSet<>(exempt);
    growth = new TreeMap<>(growth);
  }

  /** No loss, no resync; bounds for a busy machine. */
  public static Expectations strict() {
    return new Expectations(
        false,
        Set.of(),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMillis(4500),
        Duration.ofSeconds(5),
        true,
        Set.of(),
        Map.of());
  }

  /** Acknowledged events may be lost beyond a fork. */
  public Expectations allowingLoss() {
    return new Expectations(
        true, resyncs, late, recover, grace, authority, presenceInFaults, exempt, growth);
  }

  /** Resyncs with these reasons may happen. */
  public Expectations allowingResyncs(String... reasons) {
    return new Expectations(
        loss, Set.of(reasons), late, recover, grace, authority, presenceInFaults, exempt, growth);
  }

  /** Another longest delay in quiet times. */
  public Expectations withLate(Duration longest) {
    return new Expectations(
        loss, resyncs, longest, recover, grace, authority, presenceInFaults, exempt, growth);
  }

  /** Another longest time to recover. */
  public Expectations withRecover(Duration longest) {
    return new Expectations(
        loss, resyncs, late, longest, grace, authority, presenceInFaults, exempt, growth);
  }

  /** Lists of members are excused while a fault is active. */
  public Expectations excusingPresenceInFaults() {
    return new Expectations(loss, resyncs, late, recover, grace, authority, false, exempt, growth);
  }

  /** These readers may be as slow as they like. */
  public Expectations exempting(Set<String> readers) {
    return new Expectations(
        loss, resyncs, late, recover, grace, authority, presenceInFaults, readers, growth);
  }

  /** These figures may grow so much and no more. */
  public Expectations withGrowth(Map<String, Growth> allowed) {
    return new Expectations(
        loss, resyncs, late, recover, grace, authority, presenceInFaults, exempt, allowed);
  }

  /** These expectations as an entry, so that a kept history can be judged again. */
  public Note note(long at) {
    return new Note(
        at,
        NOTE,
        List.of(
            "loss=" + loss,
            "resyncs=" + String.join(",", resyncs),
            "late=" + late.toMillis(),
            "recover=" + recover.toMillis(),
            "grace=" + grace.toMillis(),
            "authority=" + authority.toMillis(),
            "presenceInFaults=" + presenceInFaults,
            "exempt=" + String.join(",", exempt),
            "growth="
                + String.join(
                    ",",
                    growth.entrySet().stream()
                        .map(
                            e ->
                                e.getKey()
                                    + ':'
                                    + e.getValue().absolute()
                                    + ':'
                                    + e.getValue().factor())
                        .toList())));
  }

  /** The last expectations that were noted in a history; {@link #strict()} if none were. */
  public static Expectations in(List<Entry> entries) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i) instanceof Note note && note.text().equals(NOTE)) {
        return of(note.details());
      }
    }
    return strict();
  }

  private static Expectations of(List<String> details) {
    Map<String, String> values = new TreeMap<>();
    for (String detail : details) {
      int equals = detail.indexOf('=');
      values.put(detail.substring(0, equals), detail.substring(equals + 1));
    }
    Map<String, Growth> growth = new TreeMap<>();
    for (String one : words(values, "growth")) {
      int last = one.lastIndexOf(':');
      int first = one.lastIndexOf(':', last - 1);
      growth.put(
          one.substring(0, first),
          new Growth(
              Long.parseLong(one, first + 1, last, 10),
              Double.parseDouble(one.substring(last + 1))));
    }
    return new Expectations(
        Boolean.parseBoolean(values.get("loss")),
        words(values, "resyncs"),
        millis(values, "late"),
        millis(values, "recover"),
        millis(values, "grace"),
        millis(values, "authority"),
        Boolean.parseBoolean(values.get("presenceInFaults")),
        words(values, "exempt"),
        growth);
  }

  private static Set<String> words(Map<String, String> values, String name) {
    String list = values.getOrDefault(name, "");
    return list.isEmpty() ? Set.of() : Set.of(list.split(",", -1));
  }

  private static Duration millis(Map<String, String> values, String name) {
    return Duration.ofMillis(Long.parseLong(values.getOrDefault(name, "0")));
  }
}
