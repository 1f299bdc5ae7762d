package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.RoomName;
import io.carillon.core.connection.SharedDelivery;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentTest {
  private final RecentBytes all = new RecentBytes(1_000_000);

  private static Event event(long seq, int size) {
    return new Event(
        new RoomName("r"),
        "e",
        seq,
        "i" + seq,
        "n",
        "x".repeat(size),
        null,
        "u",
        Instant.EPOCH,
        null);
  }

  private static @Nullable List<Long> seqs(@Nullable List<SharedDelivery> events) {
    return events == null ? null : events.stream().map(e -> Recent.event(e).seq()).toList();
  }

  @Test
  void anEmptyRingHasNothing() {
    Recent recent = new Recent(3, 10_000, all);
    assertNull(recent.after(0, 10));
    assertEquals(7, recent.oldest(7));
  }

  @Test
  void whatIsAllHereIsServedAndNothingElse() {
    Recent recent = new Recent(3, 10_000, all);
    for (long seq = 5; seq <= 9; seq++) {
      recent.add(event(seq, 10));
    }
    assertEquals(6, recent.oldest(9));
    assertNull(recent.after(5, 10));
    assertEquals(List.of(7L, 8L, 9L), seqs(recent.after(6, 10)));
    assertEquals(List.of(7L, 8L), seqs(recent.after(6, 2)));
    assertEquals(List.of(9L), seqs(recent.after(8, 10)));
    assertNull(recent.after(9, 10));
    assertNull(recent.after(10, 10));
  }

  @Test
  void bytesAreBoundedButTheLatestStays() {
    Recent recent = new Recent(100, 1000, all);
    recent.add(event(1, 300));
    recent.add(event(2, 300));
    assertEquals(List.of(2L), seqs(recent.after(1, 10)));
    assertNull(recent.after(0, 10));
    recent.add(event(3, 5000));
    assertEquals(List.of(3L), seqs(recent.after(2, 10)));
    recent.add(event(4, 1));
    recent.add(event(5, 1));
    assertEquals(List.of(4L, 5L), seqs(recent.after(3, 10)));
  }

  @Test
  void clearedMeansGone() {
    Recent recent = new Recent(3, 10_000, all);
    recent.add(event(1, 10));
    recent.clear();
    assertNull(recent.after(0, 10));
    assertEquals(1, recent.oldest(1));
    recent.add(event(8, 10));
    assertNull(recent.after(0, 10));
    assertEquals(List.of(8L), seqs(recent.after(7, 10)));
  }

  @Test
  void whatComesBeforeIsFilledInAsFarAsItFits() {
    Recent recent = new Recent(4, 10_000, all);
    List<SharedDelivery> page =
        LongStream.rangeClosed(1, 9)
            .mapToObj(seq -> new SharedDelivery(new Delivery.EventDelivery(event(seq, 10))))
            .toList();
    recent.fill(page.subList(0, 6), 9);
    assertEquals(9, recent.oldest(9), "a hole would be between");
    recent.fill(page, 9);
    assertEquals(5, recent.oldest(9));
    assertEquals(List.of(6L, 7L, 8L, 9L), seqs(recent.after(5, 10)));
    recent.add(event(10, 10));
    assertEquals(List.of(7L, 8L, 9L, 10L), seqs(recent.after(6, 10)));
    recent.fill(page, 10);
    assertEquals(6, recent.oldest(10), "full");
    recent.clear();
    assertEquals(0, all.used());
  }

  @Test
  void allRingsTogetherAreBounded() {
    RecentBytes few = new RecentBytes(1000);
    Recent one = new Recent(100, 100_000, few);
    Recent two = new Recent(100, 100_000, few);
    for (long seq = 1; seq <= 50; seq++) {
      one.add(event(seq, 100));
      two.add(event(seq, 100));
    }
    assertTrue(few.used() <= 1000 + 2 * event(1, 100).weight(), "" + few.used());
    assertTrue(few.used() > 0);
  }
}
