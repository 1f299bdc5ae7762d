package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.core.Delivery;
import io.carillon.core.EventName;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.room.Subscription.Mode;
import io.carillon.core.spi.Probe;
import io.carillon.kit.MemoryLog;
import io.carillon.kit.RecordingSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Readers come and go in any order; who is there is told once, who has left is not. */
class SubscribersTest {
  private static final RoomName ROOM = new RoomName("a:1");

  @Test
  void whoLeavesMovesNobodyElse() {
    try (Instance here = new Instance(new MemoryLog().at())) {
      Subscribers subscribers = new Subscribers(ROOM, Probe.NONE, () -> false);
      Recent recent = new Recent(16, 1024, new RecentBytes(1024));
      Room room = new Room(ROOM, recent, subscribers, 0, lagging -> {});
      Random random = new Random(1);
      List<Subscription> there = new ArrayList<>();
      Map<RecordingSink, Boolean> sinks = new HashMap<>();
      Map<Subscription, RecordingSink> sinkOf = new HashMap<>();
      for (int i = 0; i < 300; i++) {
        if (there.isEmpty() || random.nextInt(5) < 3) {
          RecordingSink sink = new RecordingSink();
          Subscription reader = new Subscription(here.open(sink), room, true, true);
          sinks.put(sink, true);
          sinkOf.put(reader, sink);
          subscribers.add(reader);
          reader.mode = Mode.LIVE;
          there.add(reader);
        } else {
          Subscription reader = there.remove(random.nextInt(there.size()));
          sinks.put(sinkOf.get(reader), false);
          subscribers.remove(reader);
          subscribers.remove(reader);
        }
        assertEquals(there.size(), subscribers.size());
      }

      subscribers.signal(new Signal(ROOM, new EventName("s"), "1", "bob", "other", null));

      for (Subscription reader : there) {
        sinkOf.get(reader).await(got -> !got.isEmpty());
      }
      sinks.forEach(
          (sink, told) ->
              assertEquals(told ? 1 : 0, sink.got(Delivery.SignalDelivery.class).size()));
    }
  }

  @Test
  void signalsDuringAJoinComeAfterItsAnswer() {
    try (Instance here = new Instance(new MemoryLog().at())) {
      Subscribers subscribers = new Subscribers(ROOM, Probe.NONE, () -> false);
      Recent recent = new Recent(16, 1024, new RecentBytes(1024));
      Room room = new Room(ROOM, recent, subscribers, 0, lagging -> {});
      RecordingSink sink = new RecordingSink();
      Subscription reader = new Subscription(here.open(sink), room, true, true);
      room.enter(reader, -1, -1);
      for (int i = 0; i < 40; i++) {
        room.signal(
            new Signal(ROOM, new EventName("s"), Integer.toString(i), "bob", "other", null));
      }
      assertEquals(List.of(), sink.got(Delivery.SignalDelivery.class), "not yet");

      room.begin(reader);

      sink.await(got -> got.size() == 32);
      List<Delivery.SignalDelivery> got = sink.got(Delivery.SignalDelivery.class);
      assertEquals("0", got.getFirst().signal().content().text());
      assertEquals("31", got.getLast().signal().content().text());
    }
  }
}
