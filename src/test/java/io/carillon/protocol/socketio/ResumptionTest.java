package io.carillon.protocol.socketio;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Cursor;
import io.carillon.core.Joined;
import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ResumptionTest {
  private static final RoomName A = new RoomName("a");
  private static final RoomName B = new RoomName("b");

  private final Resumption resumption = new Resumption();

  private void enter(RoomName room, long at, long head, @Nullable Resync resync) {
    resumption.entered(
        new Joined(room, new Cursor("e", at), new Cursor("e", head), true, null, resync));
  }

  private static SocketIoFrame frame(@Nullable RoomName room, long seq) {
    return new SocketIoFrame(
        "42[1", room, room == null ? null : new Cursor("e", seq), List.of(), null);
  }

  @Test
  void whoHasMissedNothingIsToldAtOnce() {
    enter(A, 4, 4, null);
    assertTrue(resumption.joinedAll());
    assertFalse(resumption.giveUp());
    assertFalse(resumption.toldAfter(frame(A, 5)));
  }

  @Test
  void itIsToldAfterTheLastThatWasMissedInAnyRoom() {
    enter(A, 1, 3, null);
    enter(B, 1, 2, null);
    assertFalse(resumption.toldAfter(frame(A, 2)));
    assertFalse(resumption.joinedAll());
    assertFalse(resumption.toldAfter(frame(A, 3)));
    assertFalse(resumption.toldAfter(frame(null, 0)));
    SocketIoFrame last = frame(B, 2);
    assertTrue(resumption.toldAfter(last));
    assertTrue(resumption.toldAfter(last), "written again by another carrier");
    assertFalse(resumption.toldAfter(frame(B, 3)));
  }

  @Test
  void allMayBeToldBeforeTheLastRoomIsJoined() {
    enter(A, 1, 2, null);
    assertFalse(resumption.toldAfter(frame(A, 2)));
    enter(B, 7, 7, null);
    assertTrue(resumption.joinedAll());
  }

  @Test
  void aRoomThatCannotGoOnSaysSoFirst() {
    Cursor head = new Cursor("e", 9);
    enter(A, 9, 9, new Resync(A, Resync.Reason.EXPIRED, head, new Cursor("e", 5)));
    assertFalse(resumption.joinedAll());
    assertTrue(resumption.toldAfter(frame(A, 9)));
  }

  @Test
  void nobodyWaitsForEver() {
    enter(A, 1, 2, null);
    assertFalse(resumption.giveUp());
    enter(A, 1, 2, null);
    assertFalse(resumption.joinedAll());
    assertTrue(resumption.giveUp());
    assertFalse(resumption.giveUp());
  }
}
