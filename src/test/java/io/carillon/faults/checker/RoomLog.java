package io.carillon.faults.checker;

import io.carillon.faults.history.Entry.Fork;
import io.carillon.faults.history.Entry.Head;
import io.carillon.faults.history.Entry.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the database holds of one room at the end: the truth that all else is compared with. */
final class RoomLog {
  final String room;
  private final Map<Long, Row> bySeq = new HashMap<>();
  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Long> forks = new HashMap<>();
  private @Nullable Head head;

  RoomLog(String room) {
    this.room = room;
  }

  /** Takes a row; answers one that already stands at its seq. */
  @Nullable Row add(Row row) {
    rows.add(row);
    return bySeq.putIfAbsent(row.seq(), row);
  }

  void add(Fork fork) {
    forks.merge(fork.epoch(), fork.seq(), Math::min);
  }

  void add(Head read) {
    head = read;
  }

  void sort() {
    rows.sort(Comparator.comparingLong(Row::seq));
  }

  /** In the order of seq. */
  List<Row> rows() {
    return rows;
  }

  @Nullable Row row(long seq) {
    return bySeq.get(seq);
  }

  @Nullable Head head() {
    return head;
  }

  /** The epoch of the head; empty if that was not read. */
  String epoch() {
    return head == null ? "" : head.epoch();
  }

  long floor() {
    return head == null ? 0 : head.floor();
  }

  /**
   * Whether a position belongs to what became of the room: its epoch is the last one, or the
   * position is not beyond the fork where its epoch ended. Anything else lies on a branch that a
   * failover cut off. Without a head to compare with everything belongs.
   */
  boolean keeps(String epoch, long seq) {
    if (seq == 0 || head == null || head.epoch().equals(epoch)) {
      return true;
    }
    Long fork = forks.get(epoch);
    return fork != null && seq <= fork;
  }

  boolean keeps(Place place) {
    return keeps(place.epoch(), place.seq());
  }
}
