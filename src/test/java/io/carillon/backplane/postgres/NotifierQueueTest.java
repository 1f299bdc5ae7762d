package io.carillon.backplane.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.RoomName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NotifierQueueTest {
  private static final RoomName ROOM = new RoomName("r");

  private final AtomicLong time = new AtomicLong();
  private final BackplaneCounters counters = new BackplaneCounters();
  private final NotifierQueue queue = new NotifierQueue(counters, time::get);

  @Test
  void levelsCollapseToTheHighestPerRoomWhateverTheOrder() throws InterruptedException {
    Random random = new Random(7);
    Map<RoomName, Long> highest = new HashMap<>();
    Map<RoomName, Long> told = new HashMap<>();
    for (int round = 0; round < 200; round++) {
      for (int i = 0; i < random.nextInt(50); i++) {
        RoomName room = new RoomName("r" + random.nextInt(8));
        long seq = random.nextInt(1000);
        queue.add(new Item.LogPosition(room, "e", seq));
        highest.merge(room, seq, Math::max);
      }
      List<Item> levels = queue.take(0).levels();
      if (random.nextInt(4) == 0) {
        queue.again(new NotifierQueue.NotificationBatch(levels, List.of()));
        continue;
      }
      for (Item level : levels) {
        Item.LogPosition log = (Item.LogPosition) level;
        told.merge(log.room(), log.seq(), Math::max);
      }
    }
    for (Item level : queue.take(0).levels()) {
      Item.LogPosition log = (Item.LogPosition) level;
      told.merge(log.room(), log.seq(), Math::max);
    }
    assertEquals(highest, told);
  }

  @Test
  void theEpochThatWasSaidLastWins() throws InterruptedException {
    queue.add(new Item.LogPosition(ROOM, "old", 900));
    queue.add(new Item.LogPosition(ROOM, "new", 3));
    assertEquals(List.of(new Item.LogPosition(ROOM, "new", 3)), queue.take(0).levels());
  }

  @Test
  void tooManyRoomsBecomeEverything() throws InterruptedException {
    for (int i = 0; i < 50_000; i++) {
      queue.add(new Item.PresenceRevision(new RoomName("r" + i), 1));
    }
    List<Item> levels = queue.take(0).levels();
    assertTrue(levels.contains(new Item.Everything()));
    assertTrue(levels.size() <= 20_001);
  }

  @Test
  void tooManyWordsAreDroppedAndCounted() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      byte[] signal = new byte[64 * 1024];
      signal[0] = (byte) i;
      queue.addSignal(signal);
    }
    assertEquals(36, counters.dropped.sum());
    List<Integer> kept = new ArrayList<>();
    for (List<OutgoingSignal> signals = signals(); !signals.isEmpty(); signals = signals()) {
      signals.forEach(signal -> kept.add((int) signal.bytes[0]));
    }
    assertEquals(IntStream.range(36, 100).boxed().toList(), kept, "the latest, in order");
  }

  @Test
  void oneRingTakesSomeAndTheNextOneTheRest() throws InterruptedException {
    for (int i = 0; i < 2_500; i++) {
      queue.add(new Item.LogPosition(new RoomName("r" + i), "e", i));
      queue.add(new Item.PresenceRevision(new RoomName("p" + i), i));
    }
    List<Integer> sizes = new ArrayList<>();
    Set<Item> told = new HashSet<>();
    for (int ring = 0; ring < 3; ring++) {
      List<Item> levels = queue.take(0).levels();
      sizes.add(levels.size());
      told.addAll(levels);
      assertTrue(
          NotificationPayload.write(NotificationPayload.Version.ONE, "me", levels).size() < 100);
    }
    assertEquals(List.of(2_000, 2_000, 1_000), sizes);
    assertEquals(5_000, told.size());
    assertFalse(told.contains(new Item.Everything()));
    assertTrue(queue.take(0).isEmpty());
  }

  @Test
  void controlWordsComeBeforeSignalsAndWhatFailedBeforeBoth() throws InterruptedException {
    queue.addSignal(new byte[] {1});
    queue.addSignal(new byte[] {2});
    NotifierQueue.NotificationBatch failed = queue.take(0);
    queue.addSignal(new byte[] {3});
    queue.addControl(new byte[] {4});
    queue.again(failed);
    assertEquals(failed.signals(), signals());
    assertEquals(List.of(4, 3), signals().stream().map(signal -> (int) signal.bytes[0]).toList());
  }

  @Test
  void aWordThatHasWaitedTooLongIsDroppedAndCountedASignalSooner() throws InterruptedException {
    queue.addSignal(new byte[] {1});
    queue.addControl(new byte[] {2});
    NotifierQueue.NotificationBatch failed = queue.take(0);
    time.addAndGet(NotifierQueue.SIGNAL_LIFE.toNanos() + 1);
    queue.again(failed);
    List<OutgoingSignal> left = signals();
    assertEquals(List.of(2), left.stream().map(signal -> (int) signal.bytes[0]).toList());
    assertEquals(1, counters.dropped.sum());
    queue.again(new NotifierQueue.NotificationBatch(List.of(), left));
    time.addAndGet(NotifierQueue.CONTROL_LIFE.toNanos());
    assertEquals(List.of(), signals());
    assertEquals(2, counters.dropped.sum());
  }

  @Test
  void floodsOfSignalsPushOutNoControlWord() throws InterruptedException {
    queue.addControl(new byte[] {42});
    for (int i = 0; i < 200; i++) {
      queue.addSignal(new byte[64 * 1024]);
    }
    assertEquals(42, signals().getFirst().bytes[0]);
  }

  private List<OutgoingSignal> signals() throws InterruptedException {
    return queue.take(0).signals();
  }
}
