package io.carillon.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of several rooms, in a body. */
final class RoomsBodyTest {
  @Test
  void readsWhatAQueryCouldHaveSaid() {
    RoomsBody body =
        RoomsBody.parse(
            "{\"rooms\":[\"a\",\"b\\u003a1\"],\"after\":\"e.1,e.2\",\"presence\":true,"
                + "\"last\":5,\"more\":{},\"client\":\"tab_1\",\"call\":9007199254740991}");
    assertEquals(List.of("a", "b:1"), body.rooms());
    assertEquals(
        Map.of(
            "after",
            "e.1,e.2",
            "presence",
            "true",
            "signals",
            "false",
            "last",
            "5",
            "client",
            "tab_1",
            "call",
            "9007199254740991"),
        body.values());
    assertEquals(List.of(), RoomsBody.parse("{}").rooms());
    assertEquals(List.of(), RoomsBody.parse("{\"rooms\":null,\"after\":null}").rooms());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]",
        "{\"rooms\":\"a\"}",
        "{\"rooms\":[1]}",
        "{\"rooms\":[[\"a\"]]}",
        "{\"rooms\":[\"a\"],\"after\":1}",
        "{\"rooms\":[\"a\"],\"presence\":\"true\"}",
        "{\"rooms\":[\"a\"],\"last\":1.5}",
        "{\"rooms\":[\"a\"],\"rooms\":[\"b\"]}",
        "{\"rooms\":[\"a\"]",
        "x"
      })
  void anythingElseIsABadFrame(String text) {
    assertEquals(ErrorCode.BAD_FRAME, refusal(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void whatIsNoTextOrTooMuchIsRefused() {
    assertEquals(ErrorCode.BAD_FRAME, refusal(new byte[] {'{', '"', (byte) 0xC3, '"', '}'}));
    byte[] large = " ".repeat(RoomsBody.MAX_BYTES + 1).getBytes(StandardCharsets.UTF_8);
    assertEquals(ErrorCode.TOO_LARGE, refusal(large));
  }

  private static ErrorCode refusal(byte[] body) {
    return assertThrows(
            RefusedException.class, () -> RoomsBody.read(new ByteArrayInputStream(body)))
        .rejection()
        .code();
  }
}
