package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Content;
import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.EventName;
import io.carillon.core.RoomName;
import io.carillon.core.connection.SharedDelivery;
import io.carillon.kit.RecordingSink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is behind in a namespace that conflates gets the latest of each name, and is told. */
class ConflationTest extends RoomsFixture {
  private static final RoomName BOARD = new RoomName("dash:board");

  private static SharedDelivery event(long seq, String name) {
    return new SharedDelivery(
        new Delivery.EventDelivery(
            new Event(BOARD, "e", seq, "i" + seq, name, "0", null, "u", Instant.EPOCH, null)));
  }

  private void say(RoomName room, String name) {
    here.rooms
        .publish(
            Instance.user("bob"), room, new EventName(name), Content.json("0"), null, null, null)
        .join();
  }

  private static List<String> told(RecordingSink sink, long last) {
    List<String> told = new ArrayList<>();
    List<Object> got =
        sink.await(
            g ->
                g.stream()
                    .anyMatch(
                        f -> f instanceof Delivery.EventDelivery e && e.event().seq() == last));
    long at = 0;
    for (Object frame : got) {
      if (frame instanceof Delivery.EventDelivery e) {
        assertEquals(at + e.skipped() + 1, e.event().seq(), "every event is told or counted");
        at = e.event().seq();
        told.add(e.event().name() + e.event().seq() + '-' + e.skipped());
      }
    }
    return told;
  }

  @Test
  void theLatestOfEachNameIsLeftInOrder() {
    List<SharedDelivery> events =
        List.of(event(1, "a"), event(2, "b"), event(3, "a"), event(4, "c"), event(5, "a"));
    assertEquals(
        List.of(2L, 4L, 5L),
        Conflation.latest(events, 0).stream().map(s -> Recent.event(s).seq()).toList());
    assertEquals(
        List.of(4L, 5L),
        Conflation.latest(events, 3).stream().map(s -> Recent.event(s).seq()).toList());
    assertEquals(List.of(), Conflation.latest(events, 5));
  }

  @Test
  void whoComesBackGetsTheLatestAndThenEverythingLive() {
    for (int i = 1; i <= 20; i++) {
      say(BOARD, i % 2 == 0 ? "cpu" : "heap");
    }
    RecordingSink sink = new RecordingSink();
    here.commands.execute(here.open(sink), Instance.join(BOARD, "0.0"));
    assertEquals(List.of("heap19-18", "cpu20-0"), told(sink, 20));
    for (int i = 21; i <= 40; i++) {
      say(BOARD, "cpu");
    }
    assertEquals(22, told(sink, 40).size());
  }

  @Test
  void whoDoesNotReadGetsTheLatestWhenItReadsAgain() {
    RecordingSink sink = new RecordingSink();
    here.commands.execute(here.open(sink), Instance.join(BOARD, "0.0"));
    sink.await(g -> !g.isEmpty());
    say(BOARD, "cpu");
    told(sink, 1);
    sink.stall();
    String large = "\"" + "x".repeat(30_000) + "\"";
    for (int i = 2; i <= 40; i++) {
      here.rooms
          .publish(
              Instance.user("bob"),
              BOARD,
              new EventName("cpu"),
              Content.json(large),
              null,
              null,
              null)
          .join();
    }
    sink.flow();
    List<String> told = told(sink, 40);
    assertTrue(told.size() < 30, told.toString());
  }

  @Test
  void elsewhereNothingIsLeftOut() {
    for (int i = 1; i <= 20; i++) {
      say(ROOM, "cpu");
    }
    RecordingSink sink = new RecordingSink();
    here.commands.execute(here.open(sink), Instance.join(ROOM, "0.0"));
    assertEquals(20, told(sink, 20).size());
  }
}
