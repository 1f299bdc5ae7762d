package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ClosingTest {
  private final Closing closing = new Closing();
  private final List<String> closed = new ArrayList<>();

  @Test
  void withoutAWriteItIsClosedAtOnce() {
    closing.begin(() -> closed.add("now"));
    closing.begin(() -> closed.add("again"));
    assertEquals(List.of("now"), closed);
    assertFalse(closing.beginWrite());
    closing.endWrite();
    assertEquals(List.of("now"), closed);
  }

  @Test
  void duringAWriteItIsClosedAtItsEnd() {
    assertTrue(closing.beginWrite());
    closing.begin(() -> closed.add("later"));
    closing.begin(() -> closed.add("again"));
    assertEquals(List.of(), closed);
    closing.endWrite();
    assertEquals(List.of("later"), closed);
    assertFalse(closing.beginWrite());
  }
}
