package io.carillon.store.jdbc;

import static io.carillon.store.jdbc.WriteFailureAction.GIVE_UP;
import static io.carillon.store.jdbc.WriteFailureAction.HALVE;
import static io.carillon.store.jdbc.WriteFailureAction.LATER;
import static io.carillon.store.jdbc.WriteFailureAction.MAKE_DAYS;
import static io.carillon.store.jdbc.WriteFailureAction.REFUSE;
import static io.carillon.store.jdbc.WriteFailureAction.WITHOUT_WAITING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The table of failures and actions: every failure, of one event and of several. */
final class WriteFailureActionTest {
  @Test
  void theSessionOrTheDatabaseIsToBlame() {
    both(Failure.LOST, GIVE_UP, GIVE_UP);
    both(Failure.REFUSED, GIVE_UP, GIVE_UP);
  }

  @Test
  void aMissingDayIsMade() {
    both(Failure.NO_DAY, MAKE_DAYS, MAKE_DAYS);
  }

  @Test
  void theOneToBlameIsFoundByHalves() {
    both(Failure.DATA, REFUSE, HALVE);
    both(Failure.AGAIN, LATER, HALVE);
  }

  @Test
  void aLockIsWaitedForOnce() {
    assertEquals(WITHOUT_WAITING, WriteFailureAction.of(Failure.BUSY, true, true));
    assertEquals(WITHOUT_WAITING, WriteFailureAction.of(Failure.BUSY, false, true));
    assertEquals(LATER, WriteFailureAction.of(Failure.BUSY, true, false));
    assertEquals(HALVE, WriteFailureAction.of(Failure.BUSY, false, false));
  }

  private static void both(Failure failure, WriteFailureAction one, WriteFailureAction several) {
    for (boolean waited : new boolean[] {true, false}) {
      assertEquals(one, WriteFailureAction.of(failure, true, waited));
      assertEquals(several, WriteFailureAction.of(failure, false, waited));
    }
  }
}
