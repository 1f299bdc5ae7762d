package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class PartsTest {
  @Test
  void whatFitsIsOnePart() {
    assertEquals(12, Parts.end("abcdefghijkl", 0, 12));
    assertEquals(12, Parts.end("abcdefghijkl", 6, 6));
  }

  @Test
  void aPartNeverTakesMoreThanItMay() {
    for (String letter : new String[] {"a", "é", "€", "😀"}) {
      String message = letter.repeat(100);
      int from = 0;
      while (from < message.length()) {
        int to = Parts.end(message, from, 12);
        String part = message.substring(from, to);
        assertTrue(to > from);
        assertTrue(Parts.size(part) <= 12, part);
        assertFalse(Character.isLowSurrogate(part.charAt(0)), part);
        from = to;
      }
    }
  }
}
