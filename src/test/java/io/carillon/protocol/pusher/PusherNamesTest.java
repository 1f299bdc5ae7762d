package io.carillon.protocol.pusher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import org.junit.jupiter.api.Test;

final class PusherNamesTest {
  @Test
  void aChannelIsARoomAndBack() {
    for (String name : new String[] {"news", "private-a.b,c=d@e_f-g", "presence-cache-x"}) {
      RoomName room = new PusherChannel(name).room("pusher");
      assertEquals("pusher:" + name, room.value());
      assertEquals(name, PusherChannel.nameOf(room));
      assertTrue(PusherChannel.isListed(room));
    }
  }

  @Test
  void whatARoomLacksIsWrittenInHexadecimal() {
    PusherChannel channel = new PusherChannel("#server-to-user-a;b ü~|1:2");
    RoomName room = channel.room("shop");
    assertEquals("shop:~user.a~3Bb~20~C3~BC~7E~7C1:2", room.value());
    assertEquals(channel.name(), PusherChannel.nameOf(room));
    assertFalse(PusherChannel.isListed(room));
    assertEquals("a;b", PusherChannel.onlineUser(PusherChannel.online("shop", "a;b")));
    assertNull(PusherChannel.onlineUser(room));
  }

  @Test
  void theNameSaysWhatItIs() {
    assertTrue(new PusherChannel("private-encrypted-cache-x").isEncrypted());
    assertTrue(new PusherChannel("private-encrypted-cache-x").isCache());
    assertTrue(new PusherChannel("private-cache-x").isCache());
    assertTrue(new PusherChannel("cache-x").isCache());
    assertFalse(new PusherChannel("cache-x").isSigned());
    assertFalse(new PusherChannel("my-cache-x").isCache());
    assertTrue(new PusherChannel("presence-x").isSigned());
    assertTrue(new PusherChannel("#server-to-user-7").isUser());
  }

  @Test
  void whatIsNoChannelIsRefused() {
    String[] bad = {"", "a;b", "a b", "a:b", "a~b", "#x", "#server-to-user-", "x".repeat(201)};
    for (String name : bad) {
      assertThrows(RefusedException.class, () -> new PusherChannel(name), name);
    }
    PusherChannel longest = new PusherChannel("x".repeat(200));
    assertThrows(RefusedException.class, () -> longest.room("pusher"));
  }

  @Test
  void aSocketHasTwoNumbersForAName() {
    String connection = "00ff0000000000010000000000000abc";
    String socketId = SocketId.of(connection);
    assertTrue(socketId.matches("\\d+\\.\\d+"), socketId);
    assertEquals(connection, SocketId.connection(socketId));
    String greatest = "f".repeat(32);
    assertEquals("18446744073709551615.18446744073709551615", SocketId.of(greatest));
    assertEquals(greatest, SocketId.connection(SocketId.of(greatest)));
    assertEquals("link-1", SocketId.connection(SocketId.of("link-1")));
    for (String bad :
        new String[] {"", "1", "1.", "a.b", "1.2.3", "99999999999999999999.1", "-1.2"}) {
      assertNull(SocketId.connection(bad), bad);
    }
  }
}
