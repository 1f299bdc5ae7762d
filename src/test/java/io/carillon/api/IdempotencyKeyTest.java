package io.carillon.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {
  @Test
  void rawAndQuotedAreTheSameKey() {
    assertEquals("order-1", IdempotencyKey.read(List.of("order-1")));
    assertEquals("order-1", IdempotencyKey.read(List.of(" order-1 ")));
    assertEquals("order-1", IdempotencyKey.read(List.of("\"order-1\"")));
    assertEquals("a\"b\\c", IdempotencyKey.read(List.of("\"a\\\"b\\\\c\"")));
    assertEquals("a b", IdempotencyKey.read(List.of("\"a b\"")));
    assertEquals("a\"b", IdempotencyKey.read(List.of("a\"b")));
  }

  @Test
  void noHeaderIsNoKey() {
    assertNull(IdempotencyKey.read(null));
    assertNull(IdempotencyKey.read(List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "\"\"", "\"", "\"a", "\"a\"b\"", "\"a\\\"", "\"a\\x\"", "é", "a\tb"})
  void whatIsNoKeyIsRefused(String header) {
    refused(List.of(header));
  }

  @Test
  void theBoundsAreKept() {
    assertEquals("k".repeat(128), IdempotencyKey.read(List.of("k".repeat(128))));
    assertEquals("k".repeat(128), IdempotencyKey.read(List.of('"' + "k".repeat(128) + '"')));
    refused(List.of("k".repeat(129)));
    refused(List.of("a", "b"));
  }

  private static void refused(List<String> values) {
    RefusedException refused =
        assertThrows(RefusedException.class, () -> IdempotencyKey.read(values));
    assertEquals(ErrorCode.BAD_DATA, refused.rejection().code());
  }
}
