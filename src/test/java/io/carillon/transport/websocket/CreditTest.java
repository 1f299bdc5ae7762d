package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class CreditTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final AtomicLong secrets = new AtomicLong(1000);
  private final Credit credit = new Credit(100, secrets::incrementAndGet);

  @Test
  void nothingIsWrittenBeyondTheWindow() {
    assertTrue(credit.spend(50));
    assertTrue(credit.spend(50));
    assertFalse(credit.spend(1));
  }

  @Test
  void aWriteIsAtMostHalfTheWindow() {
    assertEquals(50, credit.largest());
    assertFalse(credit.spend(51));
    assertTrue(credit.spend(50));
  }

  @Test
  void aPingIsDueAfterHalfTheWindow() {
    assertTrue(credit.spend(49));
    assertTrue(credit.due().isEmpty());
    assertTrue(credit.spend(1));
    assertEquals(OptionalLong.of(1001), credit.due());
    assertTrue(credit.due().isEmpty());
  }

  @Test
  void aPongRestoresWhatWasWrittenBeforeItsPing() {
    assertTrue(credit.spend(50));
    long first = credit.due().orElseThrow();
    assertTrue(credit.spend(40));
    assertTrue(credit.pong(first));
    assertTrue(credit.spend(50));
    assertFalse(credit.spend(11));
    assertTrue(credit.spend(10));
  }

  @Test
  void theLatestPongAnswersAllPings() {
    assertTrue(credit.spend(50));
    assertTrue(credit.due().isPresent());
    assertTrue(credit.spend(50));
    assertTrue(credit.pong(credit.due().orElseThrow()));
    assertTrue(credit.spend(50));
    assertTrue(credit.spend(50));
  }

  @Test
  void pongsThatNobodyAskedForConfirmNothing() {
    assertTrue(credit.spend(50));
    long ping = credit.due().orElseThrow();
    assertTrue(credit.spend(50));
    assertFalse(credit.pong(ping + 1));
    assertFalse(credit.spend(1));
    assertTrue(credit.pong(ping));
    assertTrue(credit.spend(50));
    assertFalse(credit.pong(ping));
    assertFalse(credit.spend(1));
  }

  @Test
  void whoWaitsIsGivenUpIfNothingIsConfirmed() throws Exception {
    assertTrue(credit.await(50, Duration.ZERO));
    assertTrue(credit.await(50, Duration.ZERO));
    assertFalse(credit.await(1, Duration.ofMillis(1)));
  }

  @Test
  void whoWaitsGoesOnWithThePong() throws Exception {
    assertTrue(credit.spend(50));
    long ping = credit.due().orElseThrow();
    assertTrue(credit.spend(50));
    CompletableFuture<Boolean> waiter = waiting();
    assertTrue(credit.pong(ping));
    assertTrue(waiter.join());
  }

  @Test
  void whoWaitsForAPeerThatIsGoneIsLetGo() {
    assertTrue(credit.spend(50));
    assertTrue(credit.spend(50));
    CompletableFuture<Boolean> waiter = waiting();
    credit.end();
    assertFalse(waiter.join());
    assertFalse(credit.spend(0));
  }

  @Test
  void inAHurryNobodyWaitsButWhatThereIsCreditForIsWritten() throws Exception {
    assertTrue(credit.spend(50));
    long ping = credit.due().orElseThrow();
    assertTrue(credit.spend(50));
    CompletableFuture<Boolean> waiter = waiting();
    credit.hurry();
    assertFalse(waiter.join());
    assertFalse(credit.await(1, LONG));
    assertTrue(credit.pong(ping));
    assertTrue(credit.await(50, LONG));
  }

  private CompletableFuture<Boolean> waiting() {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    Thread waiter =
        Thread.startVirtualThread(
            () -> {
              try {
                answer.complete(credit.await(50, LONG));
              } catch (InterruptedException e) {
                answer.completeExceptionally(e);
              }
            });
    while (waiter.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return answer;
  }

  /** Whoever has no credit has a ping on its way, and never is more unread than the window. */
  @Test
  void neverIsThereNothingToWaitFor() {
    Random random = new Random(1);
    ArrayDeque<Long> pings = new ArrayDeque<>();
    ArrayDeque<Long> at = new ArrayDeque<>();
    long written = 0;
    long read = 0;
    for (int i = 0; i < 100_000; i++) {
      int bytes = random.nextInt(credit.largest() + 1);
      if (credit.spend(bytes)) {
        written += bytes;
        OptionalLong due = credit.due();
        if (due.isPresent()) {
          pings.add(due.getAsLong());
          at.add(written);
        }
      } else {
        assertFalse(pings.isEmpty(), "nothing to wait for");
        assertTrue(credit.pong(pings.remove()));
        read = at.remove();
      }
      assertTrue(written - read <= 100, "more than the window");
    }
  }
}
