package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.ErrorCode;
import io.carillon.core.RoomName;
import io.carillon.core.spi.AppendResult.Appended;
import io.carillon.core.spi.AppendResult.NotAppended;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublishQueueTest {
  private static final LogSettings SMALL =
      new LogSettings(
          1, 4, 100_000, 10, 1 << 20, Duration.ofSeconds(5), Duration.ofMillis(250), 100);

  private final PublishQueue queue = new PublishQueue(SMALL);

  @Test
  void aBatchIsBoundedInEvents() {
    for (int i = 0; i < 6; i++) {
      assertTrue(queue.offer(pending("a", "k" + i)));
    }
    assertEquals(List.of("k0", "k1", "k2", "k3"), ids(queue.next().events()));
    assertEquals(List.of("k4", "k5"), ids(queue.next().events()));
    assertEquals(0, queue.size());
  }

  @Test
  void aBatchIsBoundedInBytesButOneLargeEventGoesAlone() {
    Pending large = pending("a", "large", "x".repeat(150_000));
    queue.offer(pending("a", "k0"));
    queue.offer(large);
    queue.offer(pending("a", "k1"));
    assertEquals(List.of("k0"), ids(queue.next().events()));
    assertEquals(List.of("large"), ids(queue.next().events()));
    assertEquals(List.of("k1"), ids(queue.next().events()));
  }

  @Test
  void moreThanTheBoundIsRefused() {
    for (int i = 0; i < 10; i++) {
      assertTrue(queue.offer(pending("a", "k" + i)));
    }
    assertFalse(queue.offer(pending("a", "k10")));
    queue.next();
    assertTrue(queue.offer(pending("a", "k11")));
    queue.close();
    assertFalse(queue.offer(pending("a", "k12")));
  }

  @Test
  void aParkedRoomKeepsItsOrderAndDelaysNoOther() {
    queue.offer(pending("slow", "s0"));
    queue.offer(pending("slow", "s1"));
    List<Pending> taken = queue.next().events();
    queue.offer(pending("slow", "s2"));
    queue.offer(pending("free", "f0"));
    queue.park(taken);
    List<String> slow = new ArrayList<>();
    List<String> free = new ArrayList<>();
    while (slow.size() + free.size() < 4) {
      PublishQueue.PublishBatch batch = queue.next();
      for (Pending pending : batch.events()) {
        boolean isSlow = pending.room().value().equals("slow");
        assertTrue(!isSlow || batch.cautious());
        (isSlow ? slow : free).add(pending.publication().id());
      }
    }
    assertEquals(List.of("s0", "s1", "s2"), slow);
    assertEquals(List.of("f0"), free);
  }

  @Test
  void theSameKeyTravelsOnceAndSharesItsFate() {
    Pending first = pending("a", "same");
    Pending second = pending("a", "same");
    queue.offer(first);
    queue.offer(second);
    List<Pending> batch = queue.next().events();
    assertEquals(List.of(first), batch);
    first.appended("e", 7, false);
    assertTrue(second.answer().isDone());
    assertFalse(first.open());
  }

  @Test
  void theDeadlineTakesWhatIsDueAndLeavesTheRest() {
    Pending early = new Pending(LogInstance.publication(new RoomName("a"), "e", true, "1"), 100);
    Pending late = new Pending(LogInstance.publication(new RoomName("a"), "l", true, "1"), 200);
    queue.offer(early);
    queue.offer(late);
    assertEquals(List.of(), queue.expired(99));
    assertEquals(List.of(early), queue.expired(150));
    assertEquals(1, queue.size());
    queue.park(queue.next().events());
    assertEquals(List.of(late), queue.expired(200));
    assertEquals(0, queue.size());
  }

  @Test
  void aTwinOutlivesTheFirstAndKeepsItsPlace() {
    Pending first = due("same", 100);
    Pending between = due("between", 150);
    Pending twin = due("same", 200);
    Pending third = due("same", 300);
    List.of(first, between, twin, third).forEach(queue::offer);
    queue.park(queue.next().events());

    assertEquals(List.of(first), expire(120));
    assertEquals(2, queue.size());
    assertFalse(twin.answer().isDone());
    assertEquals(List.of(between), expire(150));
    assertEquals(List.of(twin), queue.next().events());
    twin.appended("e", 7, false);
    assertEquals(new Appended("e", 7, "same", false), twin.answer().join());
    assertEquals(new Appended("e", 7, "same", true), third.answer().join());
  }

  @Test
  void aTwinOfWhatExpiredIsAnsweredByItsOwnDeadline() {
    Pending first = due("same", 100);
    Pending twin = due("same", 200);
    queue.offer(first);
    queue.offer(twin);
    queue.park(queue.next().events());

    assertEquals(List.of(first), expire(150));
    assertTrue(first.answer().isDone());
    assertFalse(twin.answer().isDone());
    assertEquals(1, queue.size());
    assertEquals(List.of(twin), expire(200));
    assertTrue(twin.answer().isDone());
    assertEquals(0, queue.size());
  }

  @Test
  void aTwinOfWhatIsInDoubtIsLookedUpAndInDoubtToo() {
    Pending first = due("same", 100);
    Pending twin = due("same", 200);
    queue.offer(first);
    queue.offer(twin);
    queue.next();
    first.lost();
    queue.park(List.of(first));

    expire(150);
    assertTrue(queue.next().events().getFirst().doubtful());
    twin.refuse(ErrorCode.OVERLOADED);
    assertEquals(ErrorCode.UNKNOWN, ((NotAppended) twin.answer().join()).rejection().code());
  }

  private List<Pending> expire(long now) {
    List<Pending> due = queue.expired(now);
    due.forEach(pending -> pending.expire(now, ErrorCode.OVERLOADED));
    return due;
  }

  private static Pending due(String id, long deadline) {
    return new Pending(LogInstance.publication(new RoomName("a"), id, true, "1"), deadline);
  }

  @Test
  void afterTheEndComesNothing() {
    queue.offer(pending("a", "k0"));
    queue.close();
    assertEquals(List.of("k0"), ids(queue.next().events()));
    assertEquals(List.of(), queue.next().events());
  }

  private static Pending pending(String room, String id) {
    return pending(room, id, "1");
  }

  private static Pending pending(String room, String id, String data) {
    return new Pending(
        LogInstance.publication(new RoomName(room), id, true, data),
        System.nanoTime() + 1_000_000_000_000L);
  }

  private static List<String> ids(List<Pending> batch) {
    return batch.stream().map(pending -> pending.publication().id()).toList();
  }
}
