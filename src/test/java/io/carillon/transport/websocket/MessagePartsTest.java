package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class MessagePartsTest {
  @Test
  void whatFitsIsOnePart() {
    assertEquals(12, MessageParts.end("abcdefghijkl", 0, 12));
    assertEquals(12, MessageParts.end("abcdefghijkl", 6, 6));
  }

  @Test
  void aPartNeverTakesMoreThanItMay() {
    for (String letter : new String[] {"a", "é", "€", "😀"}) {
      String message = letter.repeat(100);
      int from = 0;
      while (from < message.length()) {
        int to = MessageParts.end(message, from, 12);
        String part = message.substring(from, to);
        assertTrue(to > from);
        assertTrue(MessageParts.size(part) <= 12, part);
        assertFalse(Character.isLowSurrogate(part.charAt(0)), part);
        from = to;
      }
    }
  }
}
