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

  static List<Mutation> all() {
    return List.of(
        new Mutation(
            "one loss to a reader",
            Set.of(Rule.SKIPPED),
            history -> {
              history.entries.remove(
                  history.any(
                      Delivered.class,
                      event ->
                          history.next(event) instanceof Delivered next
                              && next.seq() == event.seq() + 1
                              && history.before(event) instanceof Delivered));
            }),
        new Mutation(
            "a duplicate",
            Set.of(Rule.DUPLICATED),
            history -> {
              Delivered event = history.any(Delivered.class, e -> true);
              history.after(event, PlantedHistory.at(event, event.at() + 1));
            }),
        new Mutation(
            "twice after a reconnect",
            Set.of(Rule.DUPLICATED),
            history -> {
              Joined join =
                  history.any(
                      Joined.class, j -> j.recovered() && history.before(j) instanceof Delivered);
              history.after(
                  join, PlantedHistory.at((Delivered) history.before(join), join.at() + 1));
            }),
        new Mutation(
            "a swap",
            Set.of(Rule.REORDERED),
            history -> {
              Map<Integer, Acked> acks = history.acks();
              Map<String, Publish> publishes = history.publishes();
              Delivered first =
                  history.any(
                      Delivered.class,
                      event ->
                          history.next(event) instanceof Delivered next
                              && next.seq() == event.seq() + 1
                              && acks.containsKey(publishes.get(next.id()).op())
                              && acks.get(publishes.get(next.id()).op()).at() < event.at());
              Delivered second = (Delivered) history.next(first);
              int i = history.entries.indexOf(first);
              int j = history.entries.indexOf(second);
              history.entries.set(i, PlantedHistory.at(second, first.at()));
              history.entries.set(j, PlantedHistory.at(first, second.at()));
            }),
        new Mutation(
            "a late delivery",
            Set.of(Rule.LATE),
            history -> {
              long quiet = history.healed() + 25 * PlantedHistory.SECOND;
              Map<String, Publish> publishes = history.publishes();
              Map<Integer, Acked> acks = history.acks();
              Delivered event =
                  history.any(
                      Delivered.class,
                      e -> {
                        Acked ack = acks.get(publishes.get(e.id()).op());
                        return ack != null
                            && ack.at() > quiet
                            && !history.exempt(e.reader())
                            && !history.revoked(e.reader())
                            && history.before(e) instanceof Delivered earlier
                            && earlier.at() < ack.at();
                      });
              history.replace(
                  event, PlantedHistory.at(event, event.at() + 3 * PlantedHistory.SECOND));
            }),
        new Mutation(
            "divergence between two readers",
            Set.of(Rule.DIVERGENCE),
            history -> {
              Delivered event = history.any(Delivered.class, e -> e.seq() > 20);
              Delivered other =
                  history.any(
                      Delivered.class,
                      e ->
                          e.room().equals(event.room())
                              && e.seq() < event.seq()
                              && e.at() < event.at());
              history.replace(event, PlantedHistory.with(event, other.id(), other.data()));
            }),
        new Mutation(
            "a reader that never arrives",
            Set.of(Rule.LIVENESS),
            history -> {
              Delivered last =
                  history.any(
                      Delivered.class,
                      e ->
                          history.next(e) == null
                              && !history.revoked(e.reader())
                              && !history.exempt(e.reader()));
              history.entries.remove(last);
            }),
        new Mutation(
            "recovered with a gap",
            Set.of(Rule.RECOVERED),
            history -> {
              Joined join = history.moved();
              history.entries.remove(history.next(join, join.reader(), join.room()));
              history.replace(
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
        new Mutation(
            "a silent gap",
            Set.of(Rule.SILENT),
            history -> {
              Joined join = history.moved();
              history.entries.remove(history.next(join, join.reader(), join.room()));
            }),
        new Mutation(
            "placed ahead",
            Set.of(Rule.SILENT),
            history -> {
              Map<String, Publish> publishes = history.publishes();
              Resync resync =
                  history.any(
                      Resync.class,
                      r ->
                          goesOn(history, r)
                              && !history
                                  .all(
                                      Row.class,
                                      row ->
                                          row.room().equals(r.room())
                                              && row.seq() == Place.of(r.head()).seq() + 3
                                              && publishes.get(row.id()).at() > r.at())
                                  .isEmpty());
              Place head = Place.of(resync.head());
              long past = head.seq() + 3;
              history.replace(
                  resync,
                  new Resync(
                      resync.at(),
                      resync.reader(),
                      resync.room(),
                      resync.reason(),
                      new Place(head.epoch(), past).toString(),
                      resync.floor()));
              List<Delivered> skipped =
                  history.all(
                      Delivered.class,
                      e ->
                          e.reader().equals(resync.reader())
                              && e.room().equals(resync.room())
                              && e.seq() > head.seq()
                              && e.seq() <= past
                              && e.at() > resync.at());
              history.entries.removeAll(skipped);
            }),
        new Mutation(
                "a resync without reason",
                Set.of(Rule.RESYNC),
                history -> {
                  Delivered event = history.any(Delivered.class, e -> true);
                  String at = event.epoch() + '.' + event.seq();
                  String reason =
                      List.of("expired", "epoch", "ahead").get(history.random.nextInt(3));
                  history.after(
                      event,
                      new Resync(event.at() + 1, event.reader(), event.room(), reason, at, at));
                })
            .withoutLoss(),
        new Mutation(
                "asked after another place",
                Set.of(Rule.DRIVER),
                history -> {
                  Joined join =
                      history.any(
                          Joined.class,
                          j ->
                              j.recovered()
                                  && history.before(j) instanceof Delivered e
                                  && e.seq() > 9);
                  Place after = Place.of(join.after());
                  String earlier = new Place(after.epoch(), after.seq() - 2).toString();
                  history.replace(
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
        new Mutation(
            "a connection that stalls",
            Set.of(Rule.LATE),
            history -> {
              long quiet = history.healed() + 16 * PlantedHistory.SECOND;
              Joined join =
                  history.any(
                      Joined.class,
                      j ->
                          j.recovered()
                              && j.at() > quiet + 9 * PlantedHistory.SECOND
                              && !history.exempt(j.reader())
                              && !history.revoked(j.reader())
                              && stalled(history, j).size() > 3);
              List<Delivered> late = stalled(history, join);
              String after = late.getFirst().epoch() + '.' + (late.getFirst().seq() - 1);
              history.entries.removeAll(late);
              Joined earlier =
                  new Joined(
                      join.at(), join.reader(), join.room(), after, after, join.head(), true);
              history.replace(join, earlier);
              for (Delivered event : late.reversed()) {
                history.after(earlier, PlantedHistory.at(event, join.at() + 1));
              }
            }));
  }

  /** Whether the reader gets more than is taken away in the same connection. */
  private static boolean goesOn(PlantedHistory history, Resync resync) {
    Entry next = history.next(resync, resync.reader(), resync.room());
    for (int i = 0; i < 3; i++) {
      next = next instanceof Delivered event ? history.next(event) : null;
    }
    return next instanceof Delivered;
  }

  /**
   * What a reader got in the five seconds before it came back with this join, if what was first is
   * older than its place in the connection before.
   */
  private static List<Delivered> stalled(PlantedHistory history, Joined join) {
    List<Delivered> late =
        history.all(
            Delivered.class,
            e ->
                e.reader().equals(join.reader())
                    && e.room().equals(join.room())
                    && e.at() < join.at()
                    && e.at() > join.at() - 5 * PlantedHistory.SECOND);
    boolean oneConnection =
        history
            .all(
                Joined.class,
                j ->
                    j.reader().equals(join.reader())
                        && j.room().equals(join.room())
                        && j.at() < join.at()
                        && j.at() > join.at() - 6 * PlantedHistory.SECOND)
            .isEmpty();
    boolean longAgo =
        !late.isEmpty() && late.getFirst().at() < join.at() - 4 * PlantedHistory.SECOND;
    return oneConnection
            && longAgo
            && !join.room().equals("room-1")
            && history.before(join) instanceof Delivered
        ? late
        : List.of();
  }
}
