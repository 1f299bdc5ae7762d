package io.carillon.core;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, keys and cursors as strangers write them. */
class NamesTest {
  private static void assertRefused(
      ErrorCode code, Function<String, Object> make, String... values) {
    for (String value : values) {
      RefusedException refused =
          assertThrows(RefusedException.class, () -> make.apply(value), value);
      assertEquals(code, refused.rejection().code(), value);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "Z9", "chat:lobby", "...", ".a", "a.", "a:b:c", ":", "::", "~_-.:@=,~", "0"})
  void roomNames(String value) {
    assertEquals(value, new RoomName(value).value());
  }

  @Test
  void noRoomNames() {
    assertDoesNotThrow(() -> new RoomName("x".repeat(200)));
    assertRefused(
        ErrorCode.BAD_ROOM,
        RoomName::new,
        "",
        ".",
        "..",
        "x".repeat(201),
        "a b",
        "a/b",
        "a\\b",
        "a;b",
        "a%20",
        "a?b",
        "a#b",
        "a+b",
        "a*",
        "a\"b",
        "a'b",
        "a\nb",
        "a\rb",
        "a\u0000",
        "é",
        "e\u0301",
        "ａ",
        "\ud83d\ude00",
        "\ud800",
        "a\u200b",
        "\u0080",
        "a|b",
        "{a}");
  }

  @ParameterizedTest
  @CsvSource({
    "orders:42, orders",
    "orders, default",
    ":x, ''",
    "a:b:c, a",
    "default:x, default",
    "carillon:instances, carillon",
  })
  void theNamespaceIsWhatStandsBeforeTheFirstColon(String room, String namespace) {
    assertEquals(namespace, new RoomName(room).namespace());
  }

  @Test
  void onlyTheNamespaceItselfIsReserved() {
    assertTrue(new RoomName("carillon:x").reserved());
    assertTrue(new RoomName("carillon:").reserved());
    for (String room : List.of("carillon", "Carillon:x", "carillonx:y", "x:carillon", ":x")) {
      assertFalse(new RoomName(room).reserved(), room);
    }
  }

  @Test
  void eventNames() {
    for (String value :
        List.of(
            "a", "order.shipped", "a/b", "x:y", "carillon", "Carillon:x", "App\\Events\\Told")) {
      assertEquals(value, new EventName(value).value());
    }
    assertDoesNotThrow(() -> new EventName("x".repeat(200)));
    assertRefused(
        ErrorCode.BAD_NAME,
        EventName::new,
        "",
        "x".repeat(201),
        "carillon:",
        "carillon:joined",
        "a b",
        "a\nb",
        "a\rid: 1",
        "a\u2028",
        "a\u0085",
        "é",
        "a@b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0", "k3f9.17", "a.9223372036854775807", "abcdefghijklmnopqrstuvwxyz012345.0"})
  void cursors(String text) {
    assertEquals(text, Cursor.parse(text).toString());
  }

  @Test
  void leadingZerosOfACursorAreNoHarm() {
    assertEquals(new Cursor("a", 7), Cursor.parse("a.0000000000000000007"));
    assertEquals(Cursor.START, Cursor.parse("0.0"));
    assertTrue(Cursor.START.anyEpoch());
  }

  @Test
  void noCursors() {
    assertRefused(
        ErrorCode.BAD_CURSOR,
        Cursor::parse,
        "",
        ".",
        "a",
        "a.",
        ".1",
        "a.-1",
        "a.+1",
        "a.1.2",
        "a.1 ",
        " a.1",
        "A.1",
        "a-b.1",
        "a.1e3",
        "a.0x1",
        "a.٣",
        "a.１",
        "a.9223372036854775808",
        "a.9999999999999999999",
        "a.99999999999999999999",
        "a,b.1",
        "a.1,b.2",
        "a\u0000.1",
        "abcdefghijklmnopqrstuvwxyz0123456.1",
        "a." + "1".repeat(10_000_000));
    assertThrows(RefusedException.class, () -> new Cursor("a", -1));
  }

  @Test
  void keysArePrintableAscii() {
    for (String key : List.of("a", " ", "~", "a\"b", "x".repeat(128))) {
      assertTrue(Publication.validKey(key), key);
      assertEquals(key, Publication.checkKey(key));
    }
    for (String key : List.of("", "x".repeat(129), "a\nb", "a\tb", "\u007f", "é", "\u0000")) {
      assertFalse(Publication.validKey(key), key);
      assertThrows(RefusedException.class, () -> Publication.checkKey(key), key);
    }
  }

  @Test
  void aUserHasANameOfBoundedLength() {
    assertDoesNotThrow(() -> new Identity("x".repeat(256), Grants.NONE, null, null));
    assertRefused(
        ErrorCode.UNAUTHENTICATED,
        user -> new Identity(user, Grants.NONE, null, null),
        "",
        "x".repeat(257));
  }

  @Test
  void aHistoryQueryHasOnePositionAndALimit() {
    RoomName room = new RoomName("r");
    Cursor at = new Cursor("a", 1);
    assertDoesNotThrow(() -> new HistoryQuery(room, null, null, 1000, 1000));
    List<Runnable> bad =
        List.of(
            () -> new HistoryQuery(room, at, at, 0, 1),
            () -> new HistoryQuery(room, at, null, 1, 1),
            () -> new HistoryQuery(room, null, at, 1, 1),
            () -> new HistoryQuery(room, at, null, Instant.EPOCH, 0, 1),
            () -> new HistoryQuery(room, null, at, Instant.EPOCH, 0, 1),
            () -> new HistoryQuery(room, null, null, Instant.EPOCH, 1, 1),
            () -> new HistoryQuery(room, null, null, 0, 0),
            () -> new HistoryQuery(room, null, null, 0, 1001),
            () -> new HistoryQuery(room, null, null, 1001, 1),
            () -> new HistoryQuery(room, null, null, -1, 1));
    for (Runnable query : bad) {
      assertThrows(RefusedException.class, query::run);
    }
  }
}
