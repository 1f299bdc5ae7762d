package io.carillon.transport.poll;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.carillon.core.RefusedException;
import io.carillon.core.connection.Farewell;
import io.carillon.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SeparatedPackingTest {
  private final SeparatedPacking packing = new SeparatedPacking();

  @Test
  void whatIsPackedIsUnpacked() {
    byte[] bytes = {0, -1, 30, 'x'};
    List<Message> messages =
        packing.unpack(
            packing.pack(
                List.of(new Message.Text("é {}"), new Message.Bytes(bytes), new Message.Text(""))));
    assertEquals("é {}", ((Message.Text) messages.get(0)).text());
    assertArrayEquals(bytes, ((Message.Bytes) messages.get(1)).bytes());
    assertEquals("", ((Message.Text) messages.get(2)).text());
    assertEquals(3, messages.size());
    assertEquals(List.of(), packing.unpack(new byte[0]));
  }

  @Test
  void aFarewellIsNoMessage() {
    byte[] packed = packing.pack(new Farewell(List.of(), 4200, "come back"));
    assertEquals("x4200 come back", new String(packed, StandardCharsets.UTF_8));
    assertThrows(RefusedException.class, () -> packing.unpack(packed));
  }

  @ParameterizedTest
  @ValueSource(strings = {"z", "b!", "t\u001e\u001et", "\u001e"})
  void whatIsNotAPackedBodyIsRefused(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    assertThrows(RefusedException.class, () -> packing.unpack(bytes));
  }
}
