package io.carillon.faults.checker;

import io.carillon.faults.history.Entry.Acked;
import io.carillon.faults.history.Entry.Committed;
import io.carillon.faults.history.Entry.Delivered;
import io.carillon.faults.history.Entry.Head;
import io.carillon.faults.history.Entry.Publish;
import io.carillon.faults.history.Entry.Refused;
import io.carillon.faults.history.Entry.Replayed;
import io.carillon.faults.history.Entry.Row;
import io.carillon.faults.history.Entry.Unknown;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Faults of the log: what publishers were told and the table holds. */
final class PlantedLog {
  private PlantedLog() {}

  static List<Mutation> all() {
    return List.of(
        new Mutation(
            "wrong content",
            Set.of(Rule.CONTENT),
            soil -> {
              Delivered event = soil.any(Delivered.class, e -> true);
              soil.replace(
                  event,
                  PlantedHistory.with(event, event.id(), event.data().replace("1.5", "1.6")));
            }),
        new Mutation(
            "wrong content in the table",
            Set.of(Rule.CONTENT),
            soil -> {
              Row row = soil.any(Row.class, r -> true);
              soil.replace(
                  row,
                  new Row(row.at(), row.room(), row.epoch(), row.seq(), row.id(), "{\"op\":0}"));
            }),
        new Mutation(
            "another spelling but not by sql",
            Set.of(Rule.CONTENT),
            soil -> {
              Map<String, Publish> publishes = soil.publishes();
              Delivered event =
                  soil.any(Delivered.class, e -> !publishes.get(e.id()).via().equals("sql"));
              soil.replace(
                  event,
                  PlantedHistory.with(event, event.id(), event.data().replace("1.50", "1.5")));
            }),
        new Mutation(
            "a false ack",
            Set.of(Rule.LOST),
            soil -> {
              Map<String, Row> rows = soil.rows();
              Publish never =
                  soil.pick(
                      soil.unresolved().stream().filter(p -> !rows.containsKey(p.key())).toList());
              Unknown unknown = soil.any(Unknown.class, u -> u.op() == never.op());
              Head head = soil.any(Head.class, h -> h.room().equals(never.room()));
              soil.after(
                  unknown,
                  new Acked(
                      unknown.at() + 1,
                      never.op(),
                      head.epoch(),
                      head.seq() + 1,
                      never.key(),
                      false));
            }),
        new Mutation(
            "another event where it was acked",
            Set.of(Rule.LOST),
            soil -> {
              Map<String, Row> rows = soil.rows();
              Acked ack = soil.any(Acked.class, a -> rows.containsKey(a.id()) && a.seq() > 60);
              soil.each(
                  Acked.class,
                  a ->
                      a.op() == ack.op()
                          ? new Acked(a.at(), a.op(), a.epoch(), a.seq() - 1, a.id(), a.duplicate())
                          : a);
            }),
        new Mutation(
                "a committed one lost",
                Set.of(Rule.LOST),
                soil -> {
                  Refused rolledBack =
                      soil.any(
                          Refused.class,
                          r ->
                              r.code().equals("rolled back")
                                  && !soil.roomOf(r.op()).equals("room-1"));
                  soil.replace(
                      rolledBack,
                      new Committed(rolledBack.at(), rolledBack.op(), "key-" + rolledBack.op()));
                })
            .withoutLoss(),
        new Mutation(
            "refused but delivered",
            Set.of(Rule.REFUSED),
            soil -> {
              Map<String, Row> rows = soil.rows();
              List<Integer> unknown =
                  soil.all(Unknown.class, u -> true).stream().map(Unknown::op).toList();
              Acked ack =
                  soil.any(Acked.class, a -> rows.containsKey(a.id()) && !unknown.contains(a.op()));
              soil.replace(ack, new Refused(ack.at(), ack.op(), "rate"));
            }),
        new Mutation(
            "nobody published it",
            Set.of(Rule.PHANTOM),
            soil -> {
              Row row = soil.any(Row.class, r -> true);
              int op = soil.publishes().get(row.id()).op();
              soil.entries.removeIf(
                  entry ->
                      switch (entry) {
                        case Publish p -> p.op() == op;
                        case Acked a -> a.op() == op;
                        case Committed c -> c.op() == op;
                        case Unknown u -> u.op() == op;
                        default -> false;
                      });
            }),
        new Mutation(
            "seen before it was published",
            Set.of(Rule.PHANTOM),
            soil -> {
              Map<String, Publish> publishes = soil.publishes();
              Delivered event = soil.any(Delivered.class, e -> true);
              soil.replace(event, PlantedHistory.at(event, publishes.get(event.id()).at() - 1));
            }),
        new Mutation(
            "two positions for one key",
            Set.of(Rule.ONCE),
            soil -> {
              Map<String, Row> rows = soil.rows();
              Publish other =
                  soil.pick(
                      soil.unresolved().stream()
                          .filter(p -> rows.containsKey(p.key()) && rows.get(p.key()).seq() > 20)
                          .toList());
              Row row = rows.get(other.key());
              Row first =
                  soil.any(Row.class, r -> r.room().equals(row.room()) && r.seq() < row.seq());
              soil.each(
                  Delivered.class,
                  e ->
                      e.id().equals(other.key())
                          ? PlantedHistory.with(e, first.id(), first.data())
                          : e);
              soil.each(
                  Row.class,
                  r ->
                      r.id().equals(other.key())
                          ? new Row(r.at(), r.room(), r.epoch(), r.seq(), first.id(), first.data())
                          : r);
              soil.each(
                  Replayed.class,
                  r ->
                      r.id().equals(other.key())
                          ? new Replayed(
                              r.at(),
                              r.via(),
                              r.room(),
                              r.epoch(),
                              r.seq(),
                              first.id(),
                              first.data())
                          : r);
            }),
        new Mutation(
            "two acks both new",
            Set.of(Rule.ONCE),
            soil -> {
              Acked ack = soil.any(Acked.class, a -> !a.duplicate());
              soil.after(
                  ack, new Acked(ack.at() + 1, ack.op(), ack.epoch(), ack.seq(), ack.id(), false));
            }),
        new Mutation(
            "acked with another id",
            Set.of(Rule.ONCE, Rule.LOST),
            soil -> {
              Map<String, Row> rows = soil.rows();
              Acked ack = soil.any(Acked.class, a -> rows.containsKey(a.id()));
              soil.replace(
                  ack,
                  new Acked(ack.at(), ack.op(), ack.epoch(), ack.seq(), "other", ack.duplicate()));
            }),
        new Mutation(
            "a hole in the table",
            Set.of(Rule.HOLE, Rule.LOST),
            soil -> {
              Row row = soil.any(Row.class, r -> r.room().equals("room-0") && r.seq() < 40);
              soil.entries.remove(row);
              soil.entries.removeIf(e -> e instanceof Replayed r && r.id().equals(row.id()));
            }),
        new Mutation(
                "two rows at one position",
                Set.of(Rule.DIVERGENCE),
                soil -> {
                  Row row = soil.any(Row.class, r -> true);
                  soil.after(
                      row,
                      new Row(
                          row.at() + 1, row.room(), row.epoch(), row.seq(), row.id(), row.data()));
                })
            .orElse(Rule.REPLAY),
        new Mutation(
            "not in the order of time",
            Set.of(Rule.REALTIME),
            soil -> {
              long quiet = soil.healed() + PlantedHistory.SECOND;
              Map<Integer, Acked> acks = soil.acks();
              Map<String, Row> rows = soil.rows();
              Acked later =
                  soil.any(
                      Acked.class,
                      ack -> {
                        Row row = rows.get(ack.id());
                        Publish earlier = row == null ? null : soil.before(row);
                        return earlier != null
                            && earlier.at() > quiet
                            && acks.containsKey(earlier.op())
                            && ack.at() - earlier.at() < PlantedHistory.SECOND
                            && !ack.duplicate();
                      });
              Publish earlier = soil.before(rows.get(later.id()));
              soil.each(
                  Publish.class,
                  p ->
                      p.op() == later.op()
                          ? new Publish(
                              earlier.at() - 2,
                              p.op(),
                              p.publisher(),
                              p.via(),
                              p.room(),
                              p.key(),
                              p.data())
                          : p);
              soil.replace(
                  later,
                  new Acked(
                      earlier.at() - 1, later.op(), later.epoch(), later.seq(), later.id(), false));
            }),
        new Mutation(
            "a replay that misses one",
            Set.of(Rule.REPLAY),
            soil -> {
              soil.entries.remove(soil.any(Replayed.class, r -> true));
            }));
  }
}
