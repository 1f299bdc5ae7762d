package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.ErrorCode;
import io.carillon.core.RoomName;
import io.carillon.core.spi.AppendResult.NotAppended;
import org.junit.jupiter.api.Test;

/** What was said of a publish at its deadline stays true. */
class PendingTest {
  private static Pending pending(long deadline) {
    return new Pending(LogInstance.publication(new RoomName("a"), "k", true, "1"), deadline);
  }

  private static ErrorCode refusal(Pending pending) {
    return ((NotAppended) pending.answer().join()).rejection().code();
  }

  @Test
  void whatWasRefusedAtItsDeadlineIsNeverSent() {
    Pending pending = pending(100);
    pending.expire(100, ErrorCode.STORAGE);
    assertEquals(ErrorCode.STORAGE, refusal(pending));
    assertFalse(pending.send());
  }

  @Test
  void whatWasSentIsInDoubtAtItsDeadline() {
    Pending pending = pending(100);
    assertTrue(pending.send());
    pending.expire(100, ErrorCode.STORAGE);
    assertEquals(ErrorCode.UNKNOWN, refusal(pending));
  }

  @Test
  void whatCameBackWithoutACommitIsCertainAgain() {
    Pending pending = pending(100);
    assertTrue(pending.send());
    pending.unsent();
    pending.expire(100, ErrorCode.OVERLOADED);
    assertEquals(ErrorCode.OVERLOADED, refusal(pending));
  }

  @Test
  void aTwinThatStillWaitsIsSent() {
    Pending first = pending(100);
    Pending twin = pending(200);
    first.join(twin);
    first.expire(100, ErrorCode.STORAGE);
    assertTrue(first.send());
    first.expire(200, ErrorCode.STORAGE);
    assertEquals(ErrorCode.UNKNOWN, refusal(twin));
  }
}
