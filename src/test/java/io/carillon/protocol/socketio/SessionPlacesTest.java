package io.carillon.protocol.socketio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Command.PresenceMode;
import io.carillon.core.Cursor;
import io.carillon.core.ErrorCode;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonFields;
import io.carillon.protocol.socketio.SessionPlaces.Resumed;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionPlacesTest {
  private static final RoomName A = new RoomName("a");
  private static final RoomName B = new RoomName("b:1");

  private static final String PID = "pid";
  private static final String BEGIN = "c~" + Integer.toString(PID.hashCode(), 36);

  private final SessionPlaces places = begun();

  private static SessionPlaces begun() {
    SessionPlaces begun = new SessionPlaces();
    begun.begin(PID);
    return begun;
  }

  private @Nullable List<Resumed> restored(@Nullable String offset) {
    return begun().restore(JsonFields.parse(places.state("s"), 64, ErrorCode.BAD_DATA), offset);
  }

  @Test
  void whoWasToldNothingGoesOnWhereItJoined() {
    places.enter(A, new Cursor("e", 7), PresenceMode.NONE);
    places.enter(B, Cursor.START, new PresenceMode.FollowAndTrack("{\"mood\":\"\\\"ok\\\"\"}"));
    places.told(A, new Cursor("e", 9));
    assertEquals(
        List.of(
            new Resumed(A, new Cursor("e", 7), PresenceMode.NONE),
            new Resumed(
                B, Cursor.START, new PresenceMode.FollowAndTrack("{\"mood\":\"\\\"ok\\\"\"}"))),
        restored(null));
  }

  @Test
  void anOffsetSaysHowFarItIsInEachRoom() {
    places.enter(A, new Cursor("e", 7), PresenceMode.NONE);
    places.enter(B, Cursor.START, PresenceMode.FOLLOW);
    assertEquals(BEGIN, places.offset());
    places.told(A, new Cursor("e", 71));
    places.told(B, new Cursor("f0", 3));
    assertEquals(BEGIN + "_0.1z_1.3.f0", places.offset());
    assertEquals(
        List.of(
            new Resumed(A, new Cursor("e", 71), PresenceMode.NONE),
            new Resumed(B, new Cursor("f0", 3), PresenceMode.FOLLOW)),
        restored(places.offset()));
  }

  @Test
  void anOffsetOfBeforeARoomWasJoinedAgainSaysNothingOfIt() {
    places.enter(A, new Cursor("e", 7), PresenceMode.NONE);
    places.told(A, new Cursor("e", 20));
    String before = places.offset();
    places.enter(A, new Cursor("e", 3), PresenceMode.NONE);
    assertEquals(List.of(new Resumed(A, new Cursor("e", 3), PresenceMode.NONE)), restored(before));
  }

  @Test
  void aSessionThatGoesOnGoesOnWithItsNumbers() {
    places.enter(A, new Cursor("e", 7), PresenceMode.NONE);
    places.told(A, new Cursor("e", 8));
    SessionPlaces next = begun();
    assertNotNull(
        next.restore(JsonFields.parse(places.state("s"), 64, ErrorCode.BAD_DATA), places.offset()));
    assertEquals(BEGIN + "_0.8", next.offset());
    next.enter(B, new Cursor("e", 1), PresenceMode.NONE);
    next.told(B, new Cursor("e", 2));
    assertEquals(BEGIN + "_0.8_1.2", next.offset());
  }

  @Test
  void whatWasLeftIsNotThere() {
    places.enter(A, new Cursor("e", 7), PresenceMode.NONE);
    places.told(A, new Cursor("e", 8));
    assertTrue(places.leave(A));
    assertFalse(places.leave(A));
    assertFalse(places.present(A, PresenceMode.FOLLOW));
    places.told(A, new Cursor("e", 9));
    assertEquals(BEGIN, places.offset());
    assertEquals(List.of(), restored(BEGIN + "_0.8"));
  }

  @Test
  void anOffsetOfTheSessionBeforeSaysNothing() {
    places.enter(A, new Cursor("e", 7), PresenceMode.NONE);
    assertEquals(
        List.of(new Resumed(A, new Cursor("e", 7), PresenceMode.NONE)), restored("c~x_0.3"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"_0", "_0.", "_.1", "_0.-1", "_0.1.E", "_0.1.e.2", "_", "_0.zzzzzzzzzzzzzzzzzzzz"})
  void anOffsetThatCannotBe(String offset) {
    places.enter(A, new Cursor("e", 7), PresenceMode.NONE);
    assertNull(restored(BEGIN + offset));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "c", "_0.8"})
  void anOffsetOfNobody(String offset) {
    places.enter(A, new Cursor("e", 7), PresenceMode.NONE);
    assertNull(restored(offset));
  }
}
