package io.carillon.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantsTest {
  @ParameterizedTest
  @CsvSource({
    "chat:*, chat:lobby, true",
    "chat:*, chat:, true",
    "chat:*, chat, false",
    "chat:*, chats:x, false",
    "chat:*, Chat:lobby, false",
    "chat:*, xchat:lobby, false",
    "chat*, chats:x, true",
    "orders:42, orders:42, true",
    "orders:42, orders:421, false",
    "orders:42, orders:4, false",
    "*, anything:at.all, true",
    "'', x, false",
    "**, x, false",
    "a*b, axb, false",
    "*b, ab, false",
    "chat:*x, chat:yx, false",
    ".*, chat, false",
    "chat:[a-z]*, chat:a, false",
    "chat:?, chat:a, false",
  })
  void patternsAreExactOrAPrefix(String pattern, String room, boolean allowed) {
    Grants grants = Grants.of(Map.of(pattern, Set.of(Right.READ)));
    assertEquals(allowed, grants.allow(Right.READ, new RoomName(room)));
    assertFalse(grants.allow(Right.WRITE, new RoomName(room)));
  }

  @Test
  void theRightsOfAllRulesThatCoverARoomAddUp() {
    Grants grants =
        Grants.of(
            Map.of(
                "chat:*", Set.of(Right.READ),
                "chat:lobby", Set.of(Right.WRITE),
                "*", Set.of(Right.SIGNAL)));
    RoomName lobby = new RoomName("chat:lobby");
    assertTrue(grants.allow(Right.READ, lobby));
    assertTrue(grants.allow(Right.WRITE, lobby));
    assertTrue(grants.allow(Right.SIGNAL, lobby));
    assertFalse(grants.allow(Right.ADMIN, lobby));
    assertFalse(grants.allow(Right.WRITE, new RoomName("chat:other")));
  }

  @Test
  void everywhereMeansTheStarAlone() {
    assertFalse(Grants.of(Map.of("a*", Set.of(Right.ADMIN))).allowEverywhere(Right.ADMIN));
    assertTrue(Grants.everything(true).allowEverywhere(Right.ADMIN));
    assertFalse(Grants.everything(false).allowEverywhere(Right.ADMIN));
    assertTrue(Grants.everything(false).allowEverywhere(Right.PRESENCE));
    assertFalse(Grants.NONE.allowEverywhere(Right.READ));
  }
}
