package io.carillon.core.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AuthorityTest {
  private static final Duration TOO_LONG = Authority.MOST.plusMillis(1);

  private final ManualTime time = new ManualTime();
  private final Authority authority = new Authority(Authority.MOST, time::nanos);
  private final List<String> done = new ArrayList<>();
  private int asked;

  @Test
  void whatIsFreshEnoughKeepsNothing() {
    time.pass(Authority.MOST);
    assertTrue(authority.current());
    assertFalse(authority.keepUntilCurrent(() -> done.add("kept")));
    time.pass(TOO_LONG);
    authority.renew(authority.now());
    assertEquals(List.of(), done);
  }

  @Test
  void whatWaitsRunsOnceAndInItsOrder() {
    time.pass(TOO_LONG);
    assertTrue(authority.keepUntilCurrent(() -> done.add("first")));
    assertTrue(authority.keepUntilCurrent(() -> done.add("second")));
    authority.renew(authority.now());
    authority.renew(authority.now());
    assertEquals(List.of("first", "second"), done);
  }

  /** A process that stands still among the tasks: who may not deliver yet waits again. */
  @Test
  void whatBecomesTooOldWhileTasksRunEndsTheRenewal() {
    time.pass(TOO_LONG);
    authority.keepUntilCurrent(this::standStillAndDeliver);
    authority.keepUntilCurrent(() -> done.add("other"));
    authority.renew(authority.now());
    assertEquals(1, asked);
    assertEquals(List.of(), done);
    authority.renew(authority.now());
    assertEquals(List.of("other", "delivered"), done);
  }

  private void standStillAndDeliver() {
    time.pass(TOO_LONG);
    deliver();
  }

  private void deliver() {
    asked++;
    // A renewal without an end would ask for ever.
    if (asked == 100 || !authority.keepUntilCurrent(this::deliver)) {
      done.add("delivered");
    }
  }
}
