package io.carillon.protocol.socketio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.carillon.core.RefusedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SocketIoPacketTest {
  private static SocketIoPacket read(String text) {
    return SocketIoPacket.read('4' + text, 1, 10);
  }

  @Test
  void theVectorsOfTheProtocol() {
    assertEquals(new SocketIoPacket(SocketIoPacket.Type.CONNECT, 0, "/", null, null), read("0"));
    assertEquals(
        new SocketIoPacket(SocketIoPacket.Type.CONNECT, 0, "/admin", null, "{\"sid\":\"x\"}"),
        read("0/admin,{\"sid\":\"x\"}"));
    assertEquals(
        new SocketIoPacket(SocketIoPacket.Type.CONNECT, 0, "/random", null, null),
        read("0/random"));
    assertEquals(
        new SocketIoPacket(SocketIoPacket.Type.DISCONNECT, 0, "/admin", null, null),
        read("1/admin,"));
    assertEquals(
        new SocketIoPacket(
            SocketIoPacket.Type.EVENT, 0, "/admin", "456", "[\"project:delete\",123]"),
        read("2/admin,456[\"project:delete\",123]"));
    assertEquals(
        new SocketIoPacket(SocketIoPacket.Type.ACK, 0, "/admin", "456", "[]"),
        read("3/admin,456[]"));
    assertEquals(
        new SocketIoPacket(
            SocketIoPacket.Type.BINARY_EVENT,
            1,
            "/admin",
            "456",
            "[\"project:delete\",{\"_placeholder\":true,\"num\":0}]"),
        read("51-/admin,456[\"project:delete\",{\"_placeholder\":true,\"num\":0}]"));
    assertEquals(
        new SocketIoPacket(SocketIoPacket.Type.BINARY_ACK, 10, "/", "7", "[1]"), read("610-7[1]"));
    assertEquals(List.of("\"a\"", "1", "{\"b\": [2]}"), read("2[\"a\",1,{\"b\": [2]}]").elements());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "a",
        "abc",
        "2",
        "2{}",
        "2abc[\"x\"]",
        "3",
        "3{}",
        "5[\"x\"]",
        "5-[\"x\"]",
        "511-[\"x\"]",
        "5100-[\"x\"]",
        "51",
        "51-",
        "0[]",
        "0\"x\"",
        "1{}",
        "4{\"message\":\"x\"}",
        "21234567890123456[\"x\"]"
      })
  void whatIsNone(String text) {
    assertThrows(RefusedException.class, () -> read(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2[", "2[\"x\"", "2[\"x\",]", "2[\"x\"]y", "2[\"x\",{\"a\":1,\"a\":2}]"})
  void whatIsNoJson(String text) {
    SocketIoPacket packet = read(text);
    assertThrows(RefusedException.class, packet::elements);
  }

  @Test
  void tooManyElements() {
    SocketIoPacket packet = read("2[" + "1,".repeat(64) + "1]");
    assertThrows(RefusedException.class, packet::elements);
  }
}
