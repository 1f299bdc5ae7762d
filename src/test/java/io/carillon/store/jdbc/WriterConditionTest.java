package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Whether a writer counts as one that can write. */
class WriterConditionTest {
  private final AtomicLong now = new AtomicLong();
  private final WriterCondition condition = new WriterCondition(now::get);

  @Test
  void itWorksFromTheFirstConnectionOn() {
    assertFalse(condition.works());
    condition.connected();
    assertTrue(condition.works());
  }

  @Test
  void aBatchThatFailedOutweighsAConnectionThatWorks() {
    condition.connected();
    condition.failed();
    condition.connected();
    condition.probed(true);
    assertFalse(condition.works(), "a log-in is no publish");
    condition.wrote();
    assertTrue(condition.works());
  }

  @Test
  void afterSomeQuietAProbeIsEnough() {
    condition.failed();
    now.addAndGet(WriterCondition.DOUBT.toNanos());
    assertFalse(condition.works());
    condition.probed(false);
    assertFalse(condition.works());
    condition.probed(true);
    assertTrue(condition.works());
  }
}
