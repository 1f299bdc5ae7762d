package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RelayQueueTest {
  private static final long[] NOTHING = {};

  private final RelayQueue queue = new RelayQueue();

  @Test
  void whatCouldNotBeMovedIsLookedUpUntilItIsGone() {
    queue.add(rows("a", 11, 12));
    assertArrayEquals(new long[] {11, 12}, queue.lookups(10));
    queue.scanned(rows("a", 11, 12));
    queue.done(rows("a", 11));
    assertArrayEquals(new long[] {12}, queue.lookups(10));
    queue.scanned(List.of()); // moved by somebody else
    assertArrayEquals(NOTHING, queue.lookups(10));
  }

  @Test
  void aNewRowWaitsBehindTheQueueOfItsRoom() {
    queue.add(rows("a", 1, 2, 3));
    assertArrayEquals(new long[] {1, 2}, queue.lookups(2));
    queue.scanned(rows("a", 1, 2, 9));
    assertEquals(rows("a", 1, 2), queue.ready(rows("a", 1, 2, 9)));
    queue.done(rows("a", 1, 2));
    assertArrayEquals(new long[] {3, 9}, queue.lookups(2));
    assertEquals(rows("a", 3, 9), queue.ready(rows("a", 3, 9)));
  }

  @Test
  void aLateNumberDoesNotWaitBehindGreaterOnes() {
    queue.add(rows("a", 5, 6));
    assertEquals(rows("a", 4), queue.ready(rows("a", 4)));
    assertEquals(List.of(), queue.ready(rows("a", 7)));
  }

  @Test
  void aRoomRestsForWholeScans() {
    queue.begin(0);
    queue.rest("a", 5);
    queue.add(rows("a", 1));
    assertEquals(List.of(), queue.ready(rows("a", 2)), "also when the time is over meanwhile");
    queue.begin(4);
    assertArrayEquals(NOTHING, queue.lookups(10));
    queue.begin(5);
    assertArrayEquals(new long[] {1, 2}, queue.lookups(10));
  }

  @Test
  void oneRoomsQueueTakesNobodysLookups() {
    queue.add(rows("a", LongStream.rangeClosed(1, 1000).toArray()));
    queue.add(rows("b", 2000, 2001));
    queue.begin(0);
    long[] both = queue.lookups(256);
    assertEquals(130, both.length);
    assertEquals(2001, both[129]);
    queue.rest("a", 5);
    assertArrayEquals(new long[] {2000, 2001}, queue.lookups(256));
  }

  @Test
  void moreRoomsThanLookupsTakeTurns() {
    queue.add(rows("a", 1));
    queue.add(rows("b", 2));
    queue.add(rows("c", 3));
    assertArrayEquals(new long[] {1, 2}, queue.lookups(2));
    assertArrayEquals(new long[] {1, 3}, queue.lookups(2));
  }

  @Test
  void itIsFullUntilSomethingIsDone() {
    RelayQueue small = new RelayQueue(2);
    small.add(rows("a", 1, 2, 2));
    assertTrue(small.full());
    small.done(rows("a", 1, 7));
    assertFalse(small.full());
  }

  static List<OutboxRow> rows(String room, long... numbers) {
    return LongStream.of(numbers)
        .mapToObj(n -> new OutboxRow(n, room, "id" + n, "name", "by", "1", null, (short) 0))
        .toList();
  }
}
