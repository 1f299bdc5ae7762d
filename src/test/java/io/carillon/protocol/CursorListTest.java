package io.carillon.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.carillon.core.Cursor;
import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorListTest {
  private static final RoomName A = new RoomName("a");
  private static final RoomName B = new RoomName("b");

  @Test
  void writesInTheOrderOfTheRequestAndReadsBack() {
    CursorList list = new CursorList(List.of(B, A));
    assertEquals("0.0,0.0", list.toString());
    list.advance(List.of(new RoomCursor(A, new Cursor("e", 7))));
    list.advance(List.of(new RoomCursor(new RoomName("other"), new Cursor("e", 9))));
    assertEquals("0.0,e.7", list.toString());
    assertEquals(new Cursor("e", 7), list.at(1));
    assertEquals(List.of(Cursor.START, new Cursor("e", 7)), CursorList.parse(list.toString(), 2));
  }

  @Test
  void ofOneRoomIsItsCursor() {
    CursorList list = new CursorList(List.of(A));
    list.advance(List.of(new RoomCursor(A, new Cursor("k3f9", Long.MAX_VALUE))));
    assertEquals("k3f9.9223372036854775807", list.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "e.1",
        "e.1,",
        ",e.1",
        "e.1,e.1,e.1",
        "e.1,e",
        "e.1,e.-1",
        "e.1,E.1",
        "e.1, e.1",
        "e.1,e.9223372036854775808",
        "e.1,\0.1",
        "e.1,.1",
        "e.1,e.",
        "e.1;e.1",
        "e.1,e.1\n"
      })
  void refusesAnythingElse(String text) {
    RefusedException refused =
        assertThrows(RefusedException.class, () -> CursorList.parse(text, 2));
    assertEquals(ErrorCode.BAD_CURSOR, refused.rejection().code());
  }

  @Test
  void refusesWhatIsTooLongBeforeTakingItApart() {
    String huge = "e.1,".repeat(5_000_000) + "e.1";
    assertThrows(RefusedException.class, () -> CursorList.parse(huge, 2));
  }
}
