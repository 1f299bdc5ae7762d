package io.carillon.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RevocationFreshnessTest {
  private static final Duration TOO_LONG = RevocationFreshness.MOST.plusMillis(1);

  private final ManualTime time = new ManualTime();
  private final RevocationFreshness freshness =
      new RevocationFreshness(RevocationFreshness.MOST, time::nanos);
  private final List<String> done = new ArrayList<>();
  private int asked;

  @Test
  void whatIsFreshEnoughKeepsNothing() {
    time.pass(RevocationFreshness.MOST);
    assertTrue(freshness.current());
    assertFalse(freshness.keepUntilCurrent(() -> done.add("kept")));
    time.pass(TOO_LONG);
    freshness.renew(freshness.now());
    assertEquals(List.of(), done);
  }

  @Test
  void whatWaitsRunsOnceAndInItsOrder() {
    time.pass(TOO_LONG);
    assertTrue(freshness.keepUntilCurrent(() -> done.add("first")));
    assertTrue(freshness.keepUntilCurrent(() -> done.add("second")));
    freshness.renew(freshness.now());
    freshness.renew(freshness.now());
    assertEquals(List.of("first", "second"), done);
  }

  /** A process that stands still among the tasks: who may not deliver yet waits again. */
  @Test
  void whatBecomesTooOldWhileTasksRunEndsTheRenewal() {
    time.pass(TOO_LONG);
    freshness.keepUntilCurrent(this::standStillAndDeliver);
    freshness.keepUntilCurrent(() -> done.add("other"));
    freshness.renew(freshness.now());
    assertEquals(1, asked);
    assertEquals(List.of(), done);
    freshness.renew(freshness.now());
    assertEquals(List.of("other", "delivered"), done);
  }

  private void standStillAndDeliver() {
    time.pass(TOO_LONG);
    deliver();
  }

  private void deliver() {
    asked++;
    // A renewal without an end would ask for ever.
    if (asked == 100 || !freshness.keepUntilCurrent(this::deliver)) {
      done.add("delivered");
    }
  }
}
