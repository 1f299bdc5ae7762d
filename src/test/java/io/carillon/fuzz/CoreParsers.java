package io.carillon.fuzz;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Cursor;
import io.carillon.core.Delivery;
import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.json.JsonText;
import io.carillon.core.uri.UriDecoder;
import io.carillon.protocol.Codec;
import io.carillon.protocol.CursorList;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.json.CarillonV1;
import io.carillon.transport.poll.EnginePacking;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Targets of the vocabulary, of the product's own protocol and of polls. */
final class CoreParsers {
  private static final int MOST_PARTS = 10_000;

  private CoreParsers() {}

  /** Both as text and as bytes. */
  static void carillon(byte[] input) {
    Protocol protocol = new CarillonV1();
    for (Message message :
        List.of(
            new Message.Text(new String(input, StandardCharsets.UTF_8)),
            new Message.Bytes(input))) {
      Codec codec = protocol.open(new Peer(Protocol.SOCKET, Map.of(), Map.of()));
      codec.opened(new Delivery.Welcome("c", "u", Duration.ofSeconds(20), null));
      List<Decoded> parts = codec.decode(message);
      assertTrue(parts.size() < MOST_PARTS);
    }
  }

  static void json(String text) {
    String one;
    try {
      JsonText.check(text, JsonText.MAX_DEPTH, ErrorCode.BAD_DATA);
      one = JsonText.oneLine(text);
    } catch (RefusedException no) {
      return;
    }
    assertEquals(-1, one.indexOf('\n'));
    assertEquals(-1, one.indexOf('\r'));
    try (JsonReader first = Json.createReader(new StringReader(text));
        JsonReader second = Json.createReader(new StringReader(one))) {
      assertEquals(first.readValue(), second.readValue());
    }
  }

  static void cursors(String text) {
    for (int rooms = 1; rooms <= 3; rooms++) {
      try {
        for (Cursor cursor : CursorList.parse(text, rooms)) {
          assertEquals(cursor, Cursor.parse(cursor.toString()));
        }
      } catch (RefusedException anotherNumber) {
        assertEquals(ErrorCode.BAD_CURSOR, anotherNumber.rejection().code());
      }
    }
    Cursor cursor = Cursor.parse(text);
    assertTrue(cursor.seq() >= 0);
    assertEquals(cursor, Cursor.parse(cursor.toString()));
  }

  static void uri(String text) {
    try {
      assertTrue(UriDecoder.path(text).length() <= text.length());
    } catch (RefusedException notEncoded) {
      assertEquals(ErrorCode.BAD_FRAME, notEncoded.rejection().code());
    }
    UriDecoder.query(text).values().forEach(values -> assertTrue(!values.isEmpty()));
  }

  /** What was taken apart is put together to what is taken apart in the same way. */
  static void engine(byte[] input) {
    EnginePacking packing = new EnginePacking();
    List<Message> messages = packing.unpack(input);
    byte[] packed = packing.pack(messages);
    assertArrayEquals(packed, packing.pack(packing.unpack(packed)));
  }
}
