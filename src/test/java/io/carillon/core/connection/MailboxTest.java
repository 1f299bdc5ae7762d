package io.carillon.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.HandExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MailboxTest {
  private final HandExecutor hand = new HandExecutor();
  private final List<Integer> ran = new ArrayList<>();

  @Test
  void runsInOrderInOneTask() {
    Mailbox mailbox = new Mailbox(hand, 100);
    for (int i = 0; i < 10; i++) {
      int number = i;
      assertTrue(mailbox.offer(() -> ran.add(number)));
    }
    assertEquals(1, hand.waiting());
    hand.runAll();
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), ran);
    mailbox.offer(() -> ran.add(10));
    assertEquals(1, hand.waiting());
  }

  @Test
  void whatWaitsForNothingIsDoneByTheCaller() {
    Mailbox mailbox = new Mailbox(hand, 100);
    assertTrue(mailbox.begin(() -> done(1)));
    assertEquals(List.of(1), ran);
    assertEquals(0, hand.waiting());
    assertTrue(mailbox.begin(() -> doneAndLeft(2, 3)));
    assertEquals(List.of(1, 2), ran);
    assertTrue(mailbox.begin(() -> done(4)), "not before what is left of the one before");
    mailbox.offer(() -> ran.add(5));
    assertEquals(List.of(1, 2), ran);
    assertEquals(1, hand.waiting());
    hand.runAll();
    assertEquals(List.of(1, 2, 3, 4, 5), ran);
    assertTrue(mailbox.begin(() -> done(6)));
    assertEquals(6, ran.getLast());
    assertEquals(0, hand.waiting());
  }

  @Test
  void whatComesWhileTheCallerWorksIsRunAfterwards() {
    Mailbox mailbox = new Mailbox(hand, 100);
    mailbox.begin(
        () -> {
          assertTrue(mailbox.offer(() -> ran.add(3)));
          assertTrue(mailbox.begin(() -> done(4)));
          ran.add(1);
          return () -> ran.add(2);
        });
    assertEquals(List.of(1), ran);
    assertEquals(1, hand.waiting());
    hand.runAll();
    assertEquals(List.of(1, 2, 3, 4), ran);
  }

  @Test
  void aCallerWhoseWorkThrowsDoesNotStopTheOthers() {
    Mailbox mailbox = new Mailbox(hand, 100);
    assertThrows(
        IllegalStateException.class,
        () ->
            mailbox.begin(
                () -> {
                  assertTrue(mailbox.offer(() -> ran.add(1)));
                  throw new IllegalStateException("planted");
                }));
    hand.runAll();
    assertTrue(mailbox.begin(() -> done(2)));
    assertEquals(List.of(1, 2), ran);
  }

  private @Nullable Runnable done(int number) {
    ran.add(number);
    return null;
  }

  private Runnable doneAndLeft(int number, int left) {
    ran.add(number);
    return () -> ran.add(left);
  }

  @Test
  void isBounded() {
    Mailbox mailbox = new Mailbox(hand, 2);
    assertTrue(mailbox.offer(() -> ran.add(1)));
    assertTrue(mailbox.offer(() -> ran.add(2)));
    assertFalse(mailbox.offer(() -> ran.add(3)));
    hand.runAll();
    assertTrue(mailbox.offer(() -> ran.add(4)));
    hand.runAll();
    assertEquals(List.of(1, 2, 4), ran);
  }

  @Test
  void aTaskThatThrowsDoesNotStopTheOthers() {
    Mailbox mailbox = new Mailbox(hand, 10);
    mailbox.offer(
        () -> {
          throw new IllegalStateException("planted");
        });
    mailbox.offer(() -> ran.add(1));
    assertThrows(IllegalStateException.class, hand::runAll);
    hand.runAll();
    assertEquals(List.of(1), ran);
  }

  @Test
  void anExecutorThatStopsIsARefusal() {
    Mailbox mailbox =
        new Mailbox(
            task -> {
              throw new RejectedExecutionException("planted");
            },
            10);
    assertFalse(mailbox.offer(() -> ran.add(1)));
    assertFalse(mailbox.offer(() -> ran.add(2)));
  }

  @Test
  @Timeout(30)
  void manySendersNeverRunTwoAtATime() throws InterruptedException {
    int senders = 8;
    int each = 2000;
    CountDownLatch done = new CountDownLatch(senders * each);
    int[] unguarded = new int[1];
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Mailbox mailbox = new Mailbox(threads, senders * each);
      for (int s = 0; s < senders; s++) {
        threads.execute(
            () -> {
              for (int i = 0; i < each; i++) {
                mailbox.offer(
                    () -> {
                      unguarded[0]++;
                      done.countDown();
                    });
              }
            });
      }
      done.await();
    }
    assertEquals(senders * each, unguarded[0]);
  }
}
