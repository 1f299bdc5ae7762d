package io.carillon.backplane.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.RoomName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PendingTest {
  private static final RoomName ROOM = new RoomName("r");

  private final Tally tally = new Tally();
  private final Pending pending = new Pending(tally);

  @Test
  void levelsCollapseToTheHighestPerRoomWhateverTheOrder() throws InterruptedException {
    Random random = new Random(7);
    Map<RoomName, Long> highest = new HashMap<>();
    Map<RoomName, Long> told = new HashMap<>();
    for (int round = 0; round < 200; round++) {
      for (int i = 0; i < random.nextInt(50); i++) {
        RoomName room = new RoomName("r" + random.nextInt(8));
        long seq = random.nextInt(1000);
        pending.add(new Item.Log(room, "e", seq));
        highest.merge(room, seq, Math::max);
      }
      List<Item> levels = pending.take(0).levels();
      if (random.nextInt(4) == 0) {
        pending.again(levels);
        continue;
      }
      for (Item level : levels) {
        Item.Log log = (Item.Log) level;
        told.merge(log.room(), log.seq(), Math::max);
      }
    }
    for (Item level : pending.take(0).levels()) {
      Item.Log log = (Item.Log) level;
      told.merge(log.room(), log.seq(), Math::max);
    }
    assertEquals(highest, told);
  }

  @Test
  void theEpochThatWasSaidLastWins() throws InterruptedException {
    pending.add(new Item.Log(ROOM, "old", 900));
    pending.add(new Item.Log(ROOM, "new", 3));
    assertEquals(List.of(new Item.Log(ROOM, "new", 3)), pending.take(0).levels());
  }

  @Test
  void tooManyRoomsBecomeEverything() throws InterruptedException {
    for (int i = 0; i < 50_000; i++) {
      pending.add(new Item.Presence(new RoomName("r" + i), 1));
    }
    List<Item> levels = pending.take(0).levels();
    assertTrue(levels.contains(new Item.Everything()));
    assertTrue(levels.size() <= 20_001);
  }

  @Test
  void tooManyWordsAreDroppedAndCounted() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      pending.addWord(new byte[64 * 1024]);
    }
    assertEquals(64, pending.take(0).words().size());
    assertEquals(36, tally.dropped.sum());
    pending.addWord(new byte[64 * 1024]);
    assertEquals(1, pending.take(0).words().size());
  }
}
