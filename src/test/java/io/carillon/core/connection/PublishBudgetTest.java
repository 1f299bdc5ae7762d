package io.carillon.core.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

final class PublishBudgetTest {
  private final PublishBudget budget = new PublishBudget();

  @Test
  void publishesInFlightAreBoundedInBytes() {
    budget.begin(PublishBudget.MOST - 100);
    budget.begin(100);
    assertFalse(budget.tryBegin(10));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Void> waits = CompletableFuture.runAsync(() -> budget.begin(10), threads);
      assertFalse(waits.isDone());
      budget.end(100);
      waits.join();
    }
    budget.end(PublishBudget.MOST - 100);
    budget.end(10);
  }

  @Test
  void onePublishOfAnySizeFits() {
    budget.begin(10 * PublishBudget.MOST);
    assertFalse(budget.tryBegin(1));
    budget.end(10 * PublishBudget.MOST);
    assertTrue(budget.tryBegin(PublishBudget.MOST));
  }

  @Test
  void allAreAwaitedUntilTheyAreAnsweredOrPatienceEnds() {
    budget.awaitAll(Duration.ofSeconds(60));
    assertTrue(budget.tryBegin(PublishBudget.MOST), "nothing stays taken");
    budget.awaitAll(Duration.ofMillis(1));
    budget.end(PublishBudget.MOST);
    budget.awaitAll(Duration.ofSeconds(60));
  }
}
