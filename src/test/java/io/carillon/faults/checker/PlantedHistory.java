package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.Acked;
import io.carillon.faults.history.Entry.Connect;
import io.carillon.faults.history.Entry.Delivered;
import io.carillon.faults.history.Entry.Disconnect;
import io.carillon.faults.history.Entry.FaultOff;
import io.carillon.faults.history.Entry.Joined;
import io.carillon.faults.history.Entry.Presence;
import io.carillon.faults.history.Entry.Publish;
import io.carillon.faults.history.Entry.Resync;
import io.carillon.faults.history.Entry.Revoked;
import io.carillon.faults.history.Entry.Row;
import io.carillon.faults.history.Entry.Unknown;
import io.carillon.faults.history.Entry.View;
import io.carillon.faults.simulation.Simulation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A right history in which one fault is to be planted, and what is needed to find a place for it.
 */
final class PlantedHistory {
  static final long SECOND = 1_000_000_000;

  /** There is no place for the fault in this history. */
  static final class NoPlace extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  final List<Entry> entries;
  final Random random;

  PlantedHistory(long seed, boolean lossy) {
    entries = new ArrayList<>(Simulation.history(seed, lossy));
    random = new Random(seed);
  }

  /** Any entry of a kind that fits. */
  <E extends Entry> E any(Class<E> kind, Predicate<E> fits) {
    List<E> all = all(kind, entry -> true);
    Collections.shuffle(all, random);
    return all.stream().filter(fits).findFirst().orElseThrow(NoPlace::new);
  }

  <E extends Entry> List<E> all(Class<E> kind, Predicate<E> fits) {
    List<E> all = new ArrayList<>();
    for (Entry entry : entries) {
      if (kind.isInstance(entry) && fits.test(kind.cast(entry))) {
        all.add(kind.cast(entry));
      }
    }
    return all;
  }

  void replace(Entry old, Entry with) {
    entries.set(entries.indexOf(old), with);
  }

  void after(Entry place, Entry... more) {
    entries.addAll(entries.indexOf(place) + 1, List.of(more));
  }

  /** Exchanges every entry of a kind. */
  <E extends Entry> void each(Class<E> kind, UnaryOperator<E> change) {
    entries.replaceAll(entry -> kind.isInstance(entry) ? change.apply(kind.cast(entry)) : entry);
  }

  long healed() {
    return any(FaultOff.class, off -> true).at();
  }

  /** The next thing that happened to this reader in this room, or to its connection. */
  @Nullable Entry next(Entry of, String reader, String room) {
    for (int i = entries.indexOf(of) + 1; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      boolean its =
          switch (entry) {
            case Delivered event -> event.reader().equals(reader) && event.room().equals(room);
            case Joined join -> join.reader().equals(reader) && join.room().equals(room);
            case Resync resync -> resync.reader().equals(reader) && resync.room().equals(room);
            case Connect begin -> begin.reader().equals(reader);
            case Disconnect end -> end.reader().equals(reader);
            default -> false;
          };
      if (its) {
        return entry;
      }
    }
    return null;
  }

  @Nullable Entry next(Delivered event) {
    return next(event, event.reader(), event.room());
  }

  /** Deliveries that are followed by another one in the same connection. */
  Predicate<Delivered> followed() {
    return event -> next(event) instanceof Delivered;
  }

  /** By the id of its event. */
  Map<String, Publish> publishes() {
    Map<String, Publish> publishes = new HashMap<>();
    for (Publish publish : all(Publish.class, p -> true)) {
      publishes.putIfAbsent(publish.key(), publish);
    }
    return publishes;
  }

  Map<Integer, Acked> acks() {
    Map<Integer, Acked> acks = new HashMap<>();
    all(Acked.class, a -> true).forEach(ack -> acks.putIfAbsent(ack.op(), ack));
    return acks;
  }

  Map<String, Row> rows() {
    Map<String, Row> rows = new HashMap<>();
    all(Row.class, r -> true).forEach(row -> rows.put(row.id(), row));
    return rows;
  }

  /** Publishes of which nobody learnt what became of them. */
  List<Publish> unresolved() {
    Map<Integer, Acked> acks = acks();
    List<Integer> unknown = all(Unknown.class, u -> true).stream().map(Unknown::op).toList();
    return publishes().values().stream()
        .filter(p -> unknown.contains(p.op()) && !acks.containsKey(p.op()))
        .toList();
  }

  boolean revoked(String reader) {
    return !all(Revoked.class, revoked -> revoked.readers().contains(reader)).isEmpty();
  }

  /** What had happened to this reader in this room before. */
  Entry before(Delivered event) {
    return before(event, event.reader(), event.room());
  }

  Entry before(Joined join) {
    return before(join, join.reader(), join.room());
  }

  private Entry before(Entry of, String reader, String room) {
    Entry before = of;
    for (int i = entries.indexOf(of) - 1; i >= 0; i--) {
      before = entries.get(i);
      boolean its =
          switch (before) {
            case Delivered e -> e.reader().equals(reader) && e.room().equals(room);
            case Joined j -> j.reader().equals(reader) && j.room().equals(room);
            case Resync r -> r.reader().equals(reader) && r.room().equals(room);
            default -> false;
          };
      if (its) {
        return before;
      }
    }
    return of;
  }

  /** A join that could not continue, was told so, and got something then. */
  Joined moved() {
    return any(
        Joined.class,
        join ->
            !join.after().isEmpty()
                && !join.recovered()
                && Place.of(join.after()).seq() != Place.of(join.cursor()).seq()
                && next(join, join.reader(), join.room()) instanceof Resync resync
                && next(resync, join.reader(), join.room()) instanceof Delivered);
  }

  /** Whether it may be as late as it likes. */
  boolean exempt(String reader) {
    return Expected.of(false).exempt().contains(reader);
  }

  /** Where a publish went to. */
  String roomOf(int op) {
    return any(Publish.class, p -> p.op() == op).room();
  }

  /** What was published to the place before a row. */
  @Nullable Publish before(Row row) {
    for (Row other : all(Row.class, r -> r.room().equals(row.room()))) {
      if (other.seq() == row.seq() - 1) {
        return publishes().get(other.id());
      }
    }
    return null;
  }

  /** Any of these. */
  <T> T pick(List<T> from) {
    if (from.isEmpty()) {
      throw new NoPlace();
    }
    List<T> shuffled = new ArrayList<>(from);
    Collections.shuffle(shuffled, random);
    return shuffled.getFirst();
  }

  /** The list that an observer holds at a time; null if it is not connected or has none. */
  @Nullable View view(String observer, long at) {
    View view = null;
    for (Entry entry : entries) {
      if (entry.at() > at) {
        break;
      }
      switch (entry) {
        case View v when v.reader().equals(observer) -> view = v;
        case Disconnect end when end.reader().equals(observer) -> view = null;
        default -> {}
      }
    }
    return view;
  }

  /** The next change of a member after a time, or null. */
  @Nullable Presence change(String user, long at) {
    for (Presence presence : all(Presence.class, p -> p.user().equals(user) && p.at() > at)) {
      return presence;
    }
    return null;
  }

  /** Whether nothing was said of a member for some seconds before and after a time. */
  boolean steady(String user, long at, long before, long after) {
    return all(
            Presence.class,
            p ->
                p.user().equals(user)
                    && p.at() > at - before * SECOND
                    && p.at() < at + after * SECOND)
        .isEmpty();
  }

  static Delivered with(Delivered event, String id, String data) {
    return new Delivered(
        event.at(), event.reader(), event.room(), event.epoch(), event.seq(), id, data);
  }

  static Delivered at(Delivered event, long at) {
    return new Delivered(
        at, event.reader(), event.room(), event.epoch(), event.seq(), event.id(), event.data());
  }
}
