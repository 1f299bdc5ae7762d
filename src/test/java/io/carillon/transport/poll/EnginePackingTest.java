package io.carillon.transport.poll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.RefusedException;
import io.carillon.core.uri.UriDecoder;
import io.carillon.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EnginePackingTest {
  private final EnginePacking packing = new EnginePacking();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void packetsWithASeparatorBetween() {
    List<Message> messages =
        List.of(
            new Message.Text("4hello \u20ac"),
            new Message.Bytes(new byte[] {1, 2, 3, 4}),
            new Message.Text("2"));
    byte[] body = bytes("4hello \u20ac\u001ebAQIDBA==\u001e2");
    assertArrayEquals(body, packing.pack(messages));
    assertEquals(
        messages.stream().map(Message::toString).toList(),
        packing.unpack(body).stream().map(Message::toString).toList());
    assertArrayEquals(
        new byte[] {1, 2, 3, 4}, ((Message.Bytes) packing.unpack(body).get(1)).bytes());
  }

  @Test
  void nothingIsAPacketToo() {
    assertArrayEquals(bytes("6"), packing.pack(List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u001e", "4a\u001e", "\u001e4a", "b!", "bA"})
  void whatIsNone(String body) {
    assertThrows(RefusedException.class, () -> packing.unpack(bytes(body)));
  }

  @ParameterizedTest
  @CsvSource({"4a, 1, false", "1, 0, true", "4a\u001e1\u001e4b, 1, true", "11\u001e4b, 2, false"})
  void whatComesBeforeTheWordThatCloses(String body, int messages, boolean closes) {
    EngineBody read = EngineBody.of(packing.unpack(bytes(body)));
    assertEquals(messages, read.messages().size());
    assertEquals(closes, read.closes());
    assertTrue(read.understood());
  }

  @ParameterizedTest
  @ValueSource(strings = {"4a\u001e9", "4a\u001ehello", "4a\u001e1\u001e0{}", "4a\u001e2"})
  void aPacketOfAnUnknownTypeSpoilsTheWholeBody(String body) {
    EngineBody read = EngineBody.of(packing.unpack(bytes(body)));
    assertFalse(read.understood());
    assertEquals(List.of(), read.messages());
  }

  @Test
  void tooManyPackets() {
    byte[] body = bytes("4\u001e".repeat(1000) + "4");
    assertThrows(RefusedException.class, () -> packing.unpack(body));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, EIO=4, false, TRANSPORT_UNKNOWN",
    "GET, EIO=4&transport=webtransport, false, TRANSPORT_UNKNOWN",
    "GET, EIO=4&transport=websocket, false, BAD_REQUEST",
    "GET, EIO=4&transport=polling, true, BAD_REQUEST",
    "POST, EIO=4&transport=polling, false, BAD_METHOD",
    "GET, transport=polling, false, VERSION",
    "GET, EIO=3&transport=polling, false, VERSION",
    "GET, EIO=4&transport=polling&t=%25, false,",
    "GET, EIO=4&transport=websocket, true,",
    "POST, transport=polling&sid=x, false,"
  })
  void whatARequestIsRefusedFor(String method, String query, boolean upgrade, String error) {
    EngineRequest request =
        new EngineRequest("/socket.io/", UriDecoder.query(query), method, upgrade);
    EngineError found = request.error();
    assertEquals(error, found == null ? null : found.name());
  }
}
