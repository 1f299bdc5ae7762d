package io.carillon.core.presence;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.RoomName;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RenewalsTest {
  private static final RoomName LOBBY = new RoomName("chat:lobby");
  private static final RoomName OTHER = new RoomName("chat:other");

  private final Renewals renewals = new Renewals(Duration.ofSeconds(30));

  @Test
  void aLeaseIsRenewedOnceInTwoSeconds() {
    assertTrue(renewals.due(LOBBY, "ann", seconds(0)));
    assertFalse(renewals.due(LOBBY, "ann", seconds(1)));
    assertTrue(renewals.due(LOBBY, "ann", seconds(2)));
    assertFalse(renewals.due(LOBBY, "ann", seconds(3)));
  }

  @Test
  void othersAndOtherRoomsHaveLeasesOfTheirOwn() {
    assertTrue(renewals.due(LOBBY, "ann", seconds(0)));
    assertTrue(renewals.due(LOBBY, "bob", seconds(0)));
    assertTrue(renewals.due(OTHER, "ann", seconds(0)));
  }

  @Test
  void sweepingForgetsOnlyWhatIsOld() {
    assertTrue(renewals.due(LOBBY, "ann", seconds(0)));
    assertTrue(renewals.due(LOBBY, "bob", seconds(1)));
    renewals.sweep(seconds(2));
    assertTrue(renewals.due(LOBBY, "ann", seconds(2)));
    assertFalse(renewals.due(LOBBY, "bob", seconds(2)));
  }

  private static long seconds(int n) {
    return TimeUnit.SECONDS.toNanos(n);
  }
}
