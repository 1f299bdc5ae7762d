package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.Acked;
import io.carillon.faults.history.Entry.Delivered;
import io.carillon.faults.history.Entry.Joined;
import io.carillon.faults.history.Entry.Publish;
import io.carillon.faults.history.Entry.Resync;
import io.carillon.faults.history.Entry.Row;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Faults of what readers got and were told. */
final class PlantedStreams {
  private PlantedStreams() {}

  static List<Plant> all() {
    return List.of(
        new Plant(
            "one loss to a reader",
            Set.of(Rule.SKIPPED),
            soil -> {
              soil.entries.remove(
                  soil.any(
                      Delivered.class,
                      event ->
                          soil.next(event) instanceof Delivered next
                              && next.seq() == event.seq() + 1
                              && soil.before(event) instanceof Delivered));
            }),
        new Plant(
            "a duplicate",
            Set.of(Rule.DUPLICATED),
            soil -> {
              Delivered event = soil.any(Delivered.class, e -> true);
              soil.after(event, Soil.at(event, event.at() + 1));
            }),
        new Plant(
            "twice after a reconnect",
            Set.of(Rule.DUPLICATED),
            soil -> {
              Joined join =
                  soil.any(Joined.class, j -> j.recovered() && soil.before(j) instanceof Delivered);
              soil.after(join, Soil.at((Delivered) soil.before(join), join.at() + 1));
            }),
        new Plant(
            "a swap",
            Set.of(Rule.REORDERED),
            soil -> {
              Map<Integer, Acked> acks = soil.acks();
              Map<String, Publish> publishes = soil.publishes();
              Delivered first =
                  soil.any(
                      Delivered.class,
                      event ->
                          soil.next(event) instanceof Delivered next
                              && next.seq() == event.seq() + 1
                              && acks.containsKey(publishes.get(next.id()).op())
                              && acks.get(publishes.get(next.id()).op()).at() < event.at());
              Delivered second = (Delivered) soil.next(first);
              int i = soil.entries.indexOf(first);
              int j = soil.entries.indexOf(second);
              soil.entries.set(i, Soil.at(second, first.at()));
              soil.entries.set(j, Soil.at(first, second.at()));
            }),
        new Plant(
            "a late delivery",
            Set.of(Rule.LATE),
            soil -> {
              long quiet = soil.healed() + 25 * Soil.SECOND;
              Map<String, Publish> publishes = soil.publishes();
              Map<Integer, Acked> acks = soil.acks();
              Delivered event =
                  soil.any(
                      Delivered.class,
                      e -> {
                        Acked ack = acks.get(publishes.get(e.id()).op());
                        return ack != null
                            && ack.at() > quiet
                            && !soil.exempt(e.reader())
                            && !soil.revoked(e.reader())
                            && soil.before(e) instanceof Delivered earlier
                            && earlier.at() < ack.at();
                      });
              soil.replace(event, Soil.at(event, event.at() + 3 * Soil.SECOND));
            }),
        new Plant(
            "divergence between two readers",
            Set.of(Rule.DIVERGENCE),
            soil -> {
              Delivered event = soil.any(Delivered.class, e -> e.seq() > 20);
              Delivered other =
                  soil.any(
                      Delivered.class,
                      e ->
                          e.room().equals(event.room())
                              && e.seq() < event.seq()
                              && e.at() < event.at());
              soil.replace(event, Soil.with(event, other.id(), other.data()));
            }),
        new Plant(
            "a reader that never arrives",
            Set.of(Rule.LIVENESS),
            soil -> {
              Delivered last =
                  soil.any(
                      Delivered.class,
                      e ->
                          soil.next(e) == null
                              && !soil.revoked(e.reader())
                              && !soil.exempt(e.reader()));
              soil.entries.remove(last);
            }),
        new Plant(
            "recovered with a gap",
            Set.of(Rule.RECOVERED),
            soil -> {
              Joined join = soil.moved();
              soil.entries.remove(soil.next(join, join.reader(), join.room()));
              soil.replace(
                  join,
                  new Joined(
                      join.at(),
                      join.reader(),
                      join.room(),
                      join.after(),
                      join.cursor(),
                      join.head(),
                      true));
            }),
        new Plant(
            "a silent gap",
            Set.of(Rule.SILENT),
            soil -> {
              Joined join = soil.moved();
              soil.entries.remove(soil.next(join, join.reader(), join.room()));
            }),
        new Plant(
            "placed ahead",
            Set.of(Rule.SILENT),
            soil -> {
              Map<String, Publish> publishes = soil.publishes();
              Resync resync =
                  soil.any(
                      Resync.class,
                      r ->
                          goesOn(soil, r)
                              && !soil.all(
                                      Row.class,
                                      row ->
                                          row.room().equals(r.room())
                                              && row.seq() == Place.of(r.head()).seq() + 3
                                              && publishes.get(row.id()).at() > r.at())
                                  .isEmpty());
              Place head = Place.of(resync.head());
              long past = head.seq() + 3;
              soil.replace(
                  resync,
                  new Resync(
                      resync.at(),
                      resync.reader(),
                      resync.room(),
                      resync.reason(),
                      new Place(head.epoch(), past).toString(),
                      resync.floor()));
              List<Delivered> skipped =
                  soil.all(
                      Delivered.class,
                      e ->
                          e.reader().equals(resync.reader())
                              && e.room().equals(resync.room())
                              && e.seq() > head.seq()
                              && e.seq() <= past
                              && e.at() > resync.at());
              soil.entries.removeAll(skipped);
            }),
        new Plant(
                "a resync without reason",
                Set.of(Rule.RESYNC),
                soil -> {
                  Delivered event = soil.any(Delivered.class, e -> true);
                  String at = event.epoch() + '.' + event.seq();
                  String reason = List.of("expired", "epoch", "ahead").get(soil.random.nextInt(3));
                  soil.after(
                      event,
                      new Resync(event.at() + 1, event.reader(), event.room(), reason, at, at));
                })
            .withoutLoss(),
        new Plant(
                "asked after another place",
                Set.of(Rule.DRIVER),
                soil -> {
                  Joined join =
                      soil.any(
                          Joined.class,
                          j ->
                              j.recovered()
                                  && soil.before(j) instanceof Delivered e
                                  && e.seq() > 9);
                  Place after = Place.of(join.after());
                  String earlier = new Place(after.epoch(), after.seq() - 2).toString();
                  soil.replace(
                      join,
                      new Joined(
                          join.at(),
                          join.reader(),
                          join.room(),
                          earlier,
                          earlier,
                          join.head(),
                          true));
                })
            .orElse(Rule.SKIPPED),
        new Plant(
            "a connection that stalls",
            Set.of(Rule.LATE),
            soil -> {
              long quiet = soil.healed() + 16 * Soil.SECOND;
              Joined join =
                  soil.any(
                      Joined.class,
                      j ->
                          j.recovered()
                              && j.at() > quiet + 9 * Soil.SECOND
                              && !soil.exempt(j.reader())
                              && !soil.revoked(j.reader())
                              && stalled(soil, j).size() > 3);
              List<Delivered> late = stalled(soil, join);
              String after = late.getFirst().epoch() + '.' + (late.getFirst().seq() - 1);
              soil.entries.removeAll(late);
              Joined earlier =
                  new Joined(
                      join.at(), join.reader(), join.room(), after, after, join.head(), true);
              soil.replace(join, earlier);
              for (Delivered event : late.reversed()) {
                soil.after(earlier, Soil.at(event, join.at() + 1));
              }
            }));
  }

  /** Whether the reader gets more than is taken away in the same connection. */
  private static boolean goesOn(Soil soil, Resync resync) {
    Entry next = soil.next(resync, resync.reader(), resync.room());
    for (int i = 0; i < 3; i++) {
      next = next instanceof Delivered event ? soil.next(event) : null;
    }
    return next instanceof Delivered;
  }

  /**
   * What a reader got in the five seconds before it came back with this join, if what was first is
   * older than its place in the connection before.
   */
  private static List<Delivered> stalled(Soil soil, Joined join) {
    List<Delivered> late =
        soil.all(
            Delivered.class,
            e ->
                e.reader().equals(join.reader())
                    && e.room().equals(join.room())
                    && e.at() < join.at()
                    && e.at() > join.at() - 5 * Soil.SECOND);
    boolean oneConnection =
        soil.all(
                Joined.class,
                j ->
                    j.reader().equals(join.reader())
                        && j.room().equals(join.room())
                        && j.at() < join.at()
                        && j.at() > join.at() - 6 * Soil.SECOND)
            .isEmpty();
    boolean longAgo = !late.isEmpty() && late.getFirst().at() < join.at() - 4 * Soil.SECOND;
    return oneConnection
            && longAgo
            && !join.room().equals("room-1")
            && soil.before(join) instanceof Delivered
        ? late
        : List.of();
  }
}
