package io.carillon.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.connection.SendQueue.Offer;
import io.carillon.core.connection.SendQueue.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SendQueueTest {
  private record Sized(int size) implements Frame {}

  private final SendQueue sendQueue = new SendQueue(1000);
  private final List<Runnable> awake = new ArrayList<>();

  private Offer offer(int size, Priority priority) {
    return sendQueue.offer(new Sized(size), priority);
  }

  private List<Integer> take(int bytes) {
    return sendQueue.take(bytes, awake).stream().map(Frame::size).toList();
  }

  @Test
  void theFirstFrameWakesAndTheWriterRoleIsGivenBackWithTheEmptyBatch() {
    assertEquals(Offer.WAKE, offer(10, Priority.CONTENT));
    assertEquals(Offer.QUEUED, offer(20, Priority.CONTENT));
    assertFalse(sendQueue.idle());
    assertEquals(List.of(10, 20), take(100));
    assertFalse(sendQueue.idle());
    assertEquals(Offer.QUEUED, offer(30, Priority.CONTENT));
    assertEquals(List.of(30), take(100));
    assertEquals(List.of(), take(100));
    assertTrue(sendQueue.idle());
    assertEquals(Offer.WAKE, offer(10, Priority.CONTENT));
  }

  @Test
  void aBatchIsBoundedUnlessItsFirstFrameIsLarger() {
    for (int size : new int[] {40, 40, 40, 500, 1}) {
      offer(size, Priority.CONTENT);
    }
    assertEquals(List.of(40, 40), take(100));
    assertEquals(List.of(40), take(100));
    assertEquals(List.of(500), take(100));
    assertEquals(List.of(1), take(100));
    assertEquals(0, sendQueue.bytes());
  }

  @Test
  void eachKindHasItsShare() {
    assertEquals(Offer.WAKE, offer(500, Priority.CONTENT));
    assertEquals(Offer.REFUSED, offer(1, Priority.SIGNAL));
    assertEquals(Offer.QUEUED, offer(500, Priority.CONTENT));
    assertEquals(Offer.REFUSED, offer(1, Priority.CONTENT));
    assertEquals(Offer.QUEUED, offer(1000, Priority.ANSWER));
    assertEquals(Offer.REFUSED, offer(1, Priority.ANSWER));
    assertEquals(2000, sendQueue.bytes());
  }

  @Test
  void aFrameLargerThanTheBoundIsTakenOnlyAlone() {
    offer(1, Priority.CONTENT);
    assertEquals(Offer.REFUSED, offer(5000, Priority.CONTENT));
    take(100);
    assertEquals(Offer.QUEUED, offer(5000, Priority.CONTENT));
    assertEquals(Offer.REFUSED, offer(1, Priority.ANSWER));
  }

  @Test
  void whoWaitsIsWokenAtAQuarter() {
    AtomicBoolean ran = new AtomicBoolean();
    for (int i = 0; i < 10; i++) {
      offer(100, Priority.CONTENT);
    }
    assertFalse(sendQueue.spaceOrAwait(() -> ran.set(true)));
    take(700);
    assertEquals(List.of(), awake);
    take(100);
    assertEquals(1, awake.size());
    awake.getFirst().run();
    assertTrue(ran.get());
    take(100);
    assertEquals(1, awake.size());
    assertTrue(sendQueue.spaceOrAwait(() -> {}));
  }

  @Test
  void whoWasRefusedWithALargeFrameIsNotWokenBeforeItFits() {
    offer(200, Priority.CONTENT);
    offer(40, Priority.CONTENT);
    assertEquals(Offer.REFUSED, offer(900, Priority.CONTENT));
    assertFalse(sendQueue.spaceOrAwait(() -> {}));
    take(200);
    assertEquals(1, awake.size());
    assertEquals(Offer.QUEUED, offer(900, Priority.CONTENT));
  }

  @Test
  void aClosedOutboxKeepsWhatItHasAndWakesNobody() {
    offer(600, Priority.CONTENT);
    assertFalse(sendQueue.spaceOrAwait(() -> {}));
    assertEquals(Offer.QUEUED, sendQueue.close(false, List.of(new Sized(7))));
    assertEquals(Offer.REFUSED, offer(1, Priority.ANSWER));
    assertFalse(sendQueue.spaceOrAwait(() -> {}));
    assertEquals(List.of(600, 7), take(10_000));
    assertEquals(List.of(), take(1));
    assertEquals(List.of(), awake);
    assertTrue(sendQueue.idle());
    assertEquals(Offer.REFUSED, sendQueue.close(false, List.of(new Sized(7))));
  }

  @Test
  void theLastWordWakesTheWriterIfNobodyWrites() {
    assertEquals(Offer.WAKE, sendQueue.close(true, List.of(new Sized(7))));
    assertEquals(List.of(7), take(1));
  }

  @Test
  void whatIsDiscardedIsNotWritten() {
    offer(600, Priority.CONTENT);
    sendQueue.close(true, List.of(new Sized(7)));
    assertEquals(7, sendQueue.bytes());
    assertEquals(List.of(7), take(1000));
    sendQueue.clear();
    assertEquals(List.of(), take(1000));
  }

  @Test
  @Timeout(20)
  void whoAwaitsRoomIsLetGoByTheWriterOrTheEnd() throws InterruptedException {
    sendQueue.awaitSpace();
    for (int round = 0; round < 2; round++) {
      offer(600, Priority.CONTENT);
      CountDownLatch passed = new CountDownLatch(1);
      Thread waiter =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      sendQueue.awaitSpace();
                      passed.countDown();
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  });
      while (waiter.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      if (round == 0) {
        take(1000);
      } else {
        sendQueue.close(false, List.of());
      }
      passed.await();
    }
  }

  @Test
  void bytesNeverPassTheBound() {
    List<Priority> priorities = List.of(Priority.SIGNAL, Priority.CONTENT, Priority.ANSWER);
    for (long seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SendQueue box = new SendQueue(1000);
      int largest = 0;
      for (int i = 0; i < 200; i++) {
        if (random.nextInt(3) == 0) {
          box.take(random.nextInt(2000), awake);
        } else {
          int size = 1 + random.nextInt(400);
          box.offer(new Sized(size), priorities.get(random.nextInt(3)));
          largest = Math.max(largest, box.bytes());
        }
      }
      assertTrue(largest <= 2000, "seed " + seed + ": " + largest);
    }
  }
}
