package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.core.Command;
import io.carillon.core.Command.PresenceMode;
import io.carillon.core.Content;
import io.carillon.core.Cursor;
import io.carillon.core.Delivery;
import io.carillon.core.EventName;
import io.carillon.core.Reply;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.kit.RecordingSink;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who wants no echo gets everything but its own, and is where everybody else is. */
class EchoTest extends RoomsFixture {
  private static final RoomName BOARD = new RoomName("dash:board");

  private final RecordingSink sink = new RecordingSink();
  private final Connection connection = here.open("alice", sink);

  private static Command.Join quiet(RoomName room, @Nullable String after) {
    Cursor cursor = after == null ? null : Cursor.parse(after);
    return new Command.Join("1", room, cursor, 0, PresenceMode.NONE, true, false);
  }

  private void say(Connection by, RoomName room, String name, String data) {
    here.commands.execute(
        by, new Command.Publish("p", room, new EventName(name), data, null, null));
  }

  private void own(String name) {
    say(connection, ROOM, name, "0");
  }

  private void others(String name) {
    here.rooms
        .publish(
            connection.identity(),
            ROOM,
            new EventName(name),
            Content.json("0"),
            null,
            null,
            "other")
        .join();
  }

  /** Names, and how many were left out before, up to the last one. */
  private static List<String> told(RecordingSink sink, String last) {
    return sink
        .await(
            got ->
                got.stream()
                    .anyMatch(
                        f ->
                            f instanceof Delivery.EventDelivery e && e.event().name().equals(last)))
        .stream()
        .filter(Delivery.EventDelivery.class::isInstance)
        .map(Delivery.EventDelivery.class::cast)
        .map(e -> e.event().name() + (e.skipped() == 0 ? "" : "+" + e.skipped()))
        .toList();
  }

  @Test
  void liveItGetsWhatOthersPublishAndNobodyElseMissesAnything() {
    here.commands.execute(connection, quiet(ROOM, null));
    RecordingSink second = joining(Instance.join(ROOM, null));
    others("a");
    own("b");
    own("c");
    others("d");
    own("e");
    others("end");
    assertEquals(List.of("a", "d", "end"), told(sink, "end"));
    assertEquals(List.of("a", "b", "c", "d", "e", "end"), told(second, "end"));
    assertEquals(3, sink.got(Reply.Published.class).size());
  }

  @Test
  void byDefaultItsOwnComesBack() {
    here.commands.execute(connection, Instance.join(ROOM, null));
    own("b");
    others("end");
    assertEquals(List.of("b", "end"), told(sink, "end"));
  }

  @Test
  void joiningAgainFromBeforeItsOwnBringsTheOthersOnly() {
    own("a");
    others("b");
    own("c");
    others("end");
    here.commands.execute(connection, quiet(ROOM, "0.0"));
    assertEquals(List.of("b", "end"), told(sink, "end"));
    log.raiseFloor(ROOM, 1);
    own("live");
    others("later");
    assertEquals(List.of("b", "end", "later"), told(sink, "later"));
  }

  @Test
  void longHistoryOfItsOwnIsPassedPageByPage() {
    for (int i = 0; i < 700; i++) {
      own("mine" + i);
    }
    others("end");
    here.commands.execute(connection, quiet(ROOM, "0.0"));
    assertEquals(List.of("end"), told(sink, "end"));
    int reads = log.reads();
    own("live");
    others("later");
    assertEquals(List.of("end", "later"), told(sink, "later"));
    assertEquals(reads, log.reads(), "it is live, and reads nothing");
  }

  @Test
  void behindItMissesAndRepeatsNothing() {
    here.commands.execute(connection, quiet(ROOM, null));
    sink.await(got -> !got.isEmpty());
    sink.stall();
    String large = "\"" + "x".repeat(30_000) + "\"";
    for (int i = 0; i < 40; i++) {
      EventName name = new EventName("n" + i);
      String origin = i % 3 == 0 ? connection.id() : "other";
      here.rooms
          .publish(connection.identity(), ROOM, name, Content.json(large), null, null, origin)
          .join();
    }
    sink.flow();
    others("end");
    List<String> expected =
        IntStream.range(0, 40).filter(i -> i % 3 != 0).mapToObj(i -> "n" + i).toList();
    List<String> told = told(sink, "end");
    assertEquals(expected, told.subList(0, told.size() - 1));
  }

  @Test
  void itsOwnNeedNoRoomInAFullOutbox() {
    here.commands.execute(connection, quiet(ROOM, null));
    sink.await(got -> !got.isEmpty());
    int reads = log.reads();
    sink.stall();
    String large = "\"" + "x".repeat(30_000) + "\"";
    for (int i = 0; i < 40; i++) {
      EventName name = new EventName("n" + i);
      here.rooms
          .publish(
              connection.identity(), ROOM, name, Content.json(large), null, null, connection.id())
          .join();
    }
    sink.flow();
    others("end");
    assertEquals(List.of("end"), told(sink, "end"));
    assertEquals(reads, log.reads(), "it was never behind");
  }

  @Test
  void onANewConnectionTheEarlierOnesAreAnybodys() {
    here.commands.execute(connection, quiet(ROOM, null));
    others("a");
    own("b");
    others("c");
    told(sink, "c");
    own("end");
    RecordingSink back = new RecordingSink();
    Connection later = here.open("alice", back);
    here.commands.execute(later, quiet(ROOM, "e1.1"));
    assertEquals(List.of("b", "c", "end"), told(back, "end"));
  }

  @Test
  void whereItIsConflatedTheLatestOfANameMayBeItsOwn() {
    board("heap", false); // 1
    board("cpu", false); // 2: old, for the latest is its own
    board("cpu", false); // 3: the same
    board("disk", true); // 4
    board("cpu", true); // 5
    board("heap", false); // 6
    board("net", false); // 7
    board("net", true); // 8
    here.commands.execute(connection, quiet(BOARD, "0.0"));
    // 1, 2 and 3 were left out before 6; 7 is told of before the next one.
    board("end", false);
    assertEquals(List.of("heap+3", "end+1"), told(sink, "end"));
    board("cpu", false);
    board("net", true);
    board("last", false);
    assertEquals(List.of("heap+3", "end+1", "cpu", "last"), told(sink, "last"));
  }

  private void board(String name, boolean own) {
    here.rooms
        .publish(
            connection.identity(),
            BOARD,
            new EventName(name),
            Content.json("0"),
            null,
            null,
            own ? connection.id() : null)
        .join();
  }
}
