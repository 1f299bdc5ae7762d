package io.carillon.core.room;

import static io.carillon.core.room.Instance.join;
import static io.carillon.core.room.Instance.user;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.EventName;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.connection.Liveness;
import io.carillon.kit.RecordingSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A room with many readers holds up no thread that other rooms need. */
class FanOutTest extends RoomsFixture {
  private static final RoomName HOT = new RoomName("chat:hot");
  private static final EventName TYPING = new EventName("typing");

  private final CountDownLatch telling = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);

  /** The first event for many readers takes until the test lets it go on. */
  private final class Slow implements FrameEncoder {
    @Override
    public String protocol() {
      return "test";
    }

    @Override
    public Frame encode(Delivery delivery) {
      if (delivery instanceof Delivery.EventDelivery) {
        telling.countDown();
        await(open);
      }
      return here.frames.encode(delivery);
    }
  }

  /** Notes who walks the readers: what they share is encoded by the first thread that does. */
  private final class Witness implements FrameEncoder {
    private final Set<String> walkers = ConcurrentHashMap.newKeySet();

    @Override
    public String protocol() {
      return "test";
    }

    @Override
    public Frame encode(Delivery delivery) {
      if (!(delivery instanceof Delivery.Welcome)) {
        walkers.add(Thread.currentThread().getName());
      }
      return here.frames.encode(delivery);
    }
  }

  private List<RecordingSink> crowd() {
    return crowd(new Slow());
  }

  private List<RecordingSink> crowd(FrameEncoder encoder) {
    List<RecordingSink> crowd = new ArrayList<>();
    for (int i = 0; i < FanOut.LARGE; i++) {
      RecordingSink sink = new RecordingSink();
      here.commands.execute(
          here.connections.open(user("u" + i), encoder, sink, here.threads, Liveness.NONE),
          join(HOT, null));
      crowd.add(sink);
    }
    crowd.forEach(sink -> sink.await(g -> !g.isEmpty()));
    return crowd;
  }

  private static Signal signal(RoomName room, String data) {
    return new Signal(room, TYPING, data, "bob", "elsewhere", null);
  }

  private static void signals(RecordingSink sink, int count) {
    sink.await(g -> g.stream().filter(Delivery.SignalDelivery.class::isInstance).count() == count);
  }

  @Test
  void neitherTheWriterNorTheListenerWaitsForIt() throws Exception {
    List<RecordingSink> crowd = crowd();
    RecordingSink other = joining(join(ROOM, null));
    // All on one thread, as on a writer that both rooms share, and on the one that listens.
    CompletableFuture<Void> shared =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 20; i++) {
                here.publish(HOT, "1").join();
              }
              await(telling);
              here.publish(ROOM, "1").join();
              here.rooms.events().signalled(signal(HOT, "1"));
              here.rooms.events().signalled(signal(ROOM, "1"));
              here.rooms.events().rang(HOT, "another", 7);
              here.rooms.events().rang(ROOM, "another", 7);
            },
            here.threads);
    try {
      shared.get(30, TimeUnit.SECONDS);
      awaitSeqs(other, 1, 1);
      signals(other, 1);
      assertTrue(crowd.stream().allMatch(sink -> sink.got(Delivery.EventDelivery.class).isEmpty()));
    } finally {
      open.countDown();
    }
    for (RecordingSink sink : crowd) {
      awaitSeqs(sink, 1, 20);
      signals(sink, 1);
    }
  }

  @Test
  void whereverEventsComeFromOnlyItsOwnThreadsWalkManyReaders() {
    Witness witness = new Witness();
    List<RecordingSink> crowd = crowd(witness);
    try (Instance elsewhere = new Instance(log.at())) {
      here.publish(HOT, 3);
      crowd.forEach(sink -> awaitSeqs(sink, 1, 3));
      elsewhere.publish(HOT, 200);
      Instance.Neighbours.Ring ring = elsewhere.neighbours.takeRings().getLast();
      here.rooms.events().rang(HOT, ring.epoch(), ring.seq());
      crowd.forEach(sink -> awaitSeqs(sink, 1, 203));
      elsewhere.publish(HOT, 200);
      here.rooms.maintenance().poll();
      crowd.forEach(sink -> awaitSeqs(sink, 1, 403));
      here.rooms.events().signalled(signal(HOT, "1"));
      crowd.forEach(sink -> signals(sink, 1));
    }
    assertEquals(Set.of(), notOf(witness, Instance.FAN_OUT));
  }

  @Test
  void eventsOfOtherInstancesAreReadOnThreadsOfTheirOwn() {
    Witness witness = new Witness();
    RecordingSink reader = new RecordingSink();
    here.commands.execute(
        here.connections.open(user("eva"), witness, reader, here.threads, Liveness.NONE),
        join(ROOM, null));
    reader.await(g -> !g.isEmpty());
    witness.walkers.clear();
    try (Instance elsewhere = new Instance(log.at())) {
      elsewhere.publish(ROOM, 3);
      Instance.Neighbours.Ring ring = elsewhere.neighbours.takeRings().getLast();
      here.rooms.events().rang(ROOM, ring.epoch(), ring.seq());
      awaitSeqs(reader, 1, 3);
    }
    assertEquals(Set.of(), notOf(witness, Instance.READ));
  }

  private static Set<String> notOf(Witness witness, String threads) {
    return witness.walkers.stream()
        .filter(name -> !name.startsWith(threads))
        .collect(Collectors.toSet());
  }

  @Test
  void whatManyReadersGetIsToldInSlices() {
    here.publish(ROOM, 100);
    List<Event> events = log.at().after(ROOM, 0, 100).events();
    assertEquals(List.of(events), FanOut.slices(false, events));
    List<List<Event>> slices = FanOut.slices(true, events);
    assertEquals(events, slices.stream().flatMap(List::stream).toList());
    assertTrue(slices.stream().allMatch(slice -> slice.size() <= FanOut.SLICE));
    assertEquals(List.of(List.of()), FanOut.slices(true, List.of()), "a page tells of a head too");
  }

  @Test
  void whatComesFasterThanItCanBeToldIsReadFromTheLogInOrder() throws Exception {
    List<RecordingSink> crowd = crowd();
    int events = SerialQueue.MAX + 100;
    CompletableFuture.runAsync(() -> here.publish(HOT, events), here.threads)
        .get(30, TimeUnit.SECONDS);
    await(telling);
    open.countDown();
    for (RecordingSink sink : crowd) {
      awaitSeqs(sink, 1, events);
    }
  }

  @Test
  void orderHoldsWhileTheRoomGrowsAndShrinks() {
    open.countDown();
    RecordingSink witness = joining(join(HOT, null));
    CompletableFuture<Void> load =
        CompletableFuture.runAsync(() -> here.publish(HOT, 2_000), here.threads);
    for (int round = 0; round < 3; round++) {
      List<RecordingSink> crowd = crowd();
      assertEquals(FanOut.LARGE, crowd.size());
      IntStream.range(0, crowd.size())
          .mapToObj(i -> "u" + i)
          .forEach(u -> here.connections.close(u, io.carillon.core.CloseCode.NORMAL, "bye"));
    }
    load.join();
    awaitSeqs(witness, 1, 2_000);
  }
}
