package io.carillon.transport.duplex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.protocol.socketio.SocketIo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Namespaces that beans handle, on instances in memory. */
final class HandledNamespacesTest extends HandledNamespacesCase {
  @Test
  void eventsAnswersAndBytes() throws Exception {
    Client a = user(here, "alice");
    a.say("42/chat,7[\"echo\",1,\"2\",{\"3\":[true]}]");
    a.expect("43/chat,7[1,\"2\",{\"3\":[true]}]");
    a.say("42/chat,[\"echo\",1]");
    a.say("42/chat,8[\"twice\"]");
    a.expect("43/chat,8[1]");
    assertEquals("true false", chat.note());
    a.say(
        "452-/chat,9[\"echo\",{\"a\":{\"_placeholder\":true,\"num\":1}},"
            + "{\"_placeholder\":true,\"num\":0}]");
    a.bytes(1, 2, 3);
    a.bytes(4);
    a.expect(
        "462-/chat,9[{\"a\":{\"_placeholder\":true,\"num\":0}},{\"_placeholder\":true,\"num\":1}]",
        "1 bytes",
        "3 bytes");
    a.say("451-/chat,10[\"line\",{\"text\":\"hi\",\"picture\":{\"_placeholder\":true,\"num\":0}}]");
    a.bytes(1, 2, 3, 4);
    a.expect(
        "461-/chat,10[{\"text\":\"hi\",\"picture\":{\"_placeholder\":true,\"num\":0}},4]",
        "4 bytes");
    a.say("42/chat,[\"custom\",\"half \\ud83d of \\\\ud83d \\ud83d\\ude00\"]");
    assertEquals("custom[\"half \ufffd of \\\\ud83d \\ud83d\\ude00\"]", chat.note());
    a.say("42/chat,[5,null]");
    assertEquals("5[null]", chat.note());
    a.say("41/chat,");
    assertEquals("out alice client namespace disconnect", chat.note());
    a.say("42/chat,[\"custom\"]");
    a.say("40/chat,{\"token\":\"alice\"}");
    assertTrue(a.next().startsWith("40/chat,"));
  }

  @Test
  void roomsAndWhoIsLeftOut() throws Exception {
    Client a = user(here, "alice");
    Client b = user(there, "bob");
    for (Client each : List.of(a, b)) {
      each.say("42/chat,1[\"join\",\"lobby\"]");
      each.expect("43/chat,1[[\"lobby\"]]");
    }
    a.say("42/chat,2[\"say\",\"lobby\",\"hello\"]");
    b.expect("42/chat,[\"said\",\"hello\",\"alice\"]");
    a.expect("43/chat,2[\"socket.io:chat:lobby\"]");
    b.say("42/chat,3[\"join\",\"hall\"]");
    assertTrue(b.next().startsWith("43/chat,3"));
    a.say("42/chat,[\"all\",[1]]");
    a.expect("42/chat,[\"chat message\",[1]]");
    b.expect("42/chat,[\"chat message\",[1]]");
    a.say("42/chat,[\"fleeting\",true]");
    a.expect("42/chat,[\"fleeting\",true]");
    b.expect("42/chat,[\"fleeting\",true]");
    b.say("42/chat,4[\"leave\",\"lobby\"]");
    b.expect("43/chat,4[[\"hall\"]]");
    a.say("42/chat,5[\"say\",\"lobby\",\"alone\"]");
    a.expect("43/chat,5[\"socket.io:chat:lobby\"]");
    b.say("42/chat,6[\"say\",\"" + "x".repeat(300) + "\",1]");
    b.say("42/chat,7[\"echo\"]");
    b.expect("43/chat,7[]");
  }

  @Test
  void whoIsRefusedIsToldWhy() throws Exception {
    Client a = new Client(here, "40/chat,{\"token\":\"alice\",\"refuse\":{\"code\":7}}");
    a.expect("44/chat,{\"message\":\"not you\",\"data\":{\"why\":{\"code\":7}}}");
    a.say("40/chat,{\"token\":\"alice\",\"break\":1}");
    a.expect("44/chat,{\"message\":\"internal\"}");
    a.say("40/chat,{\"token\":\"bad\"}");
    assertTrue(a.next().startsWith("44/chat,{\"message\":\"A valid credential is needed.\""));
    a.say("40/chat,");
    assertTrue(a.next().contains("\"data\":{\"code\":\"unauthenticated\"}"));
    a.say("40/chat,{\"token\":\"bob\"}");
    assertTrue(a.next().contains("\"data\":{\"code\":\"forbidden\"}"), "of another user");
    a.say("40/nowhere,");
    a.expect("44/nowhere,{\"message\":\"Invalid namespace\"}");
    a.say("40/tenant-7,{\"token\":\"alice\"}");
    assertTrue(a.next().startsWith("40/tenant-7,"));
    assertEquals("in alice", tenants.note());
    assertEquals(0, chat.notes.size());
  }

  @Test
  void whoShowsNothingMayBeLetIn() throws Exception {
    Client a = new Client(here, "40/open,{\"token\":\"bad\"}");
    assertTrue(a.next().startsWith("40/open,"));
    a.expect("42/open,[\"welcome\",null]");
    assertEquals("in null", open.note());
    instance.pass(15);
    a.say("40");
    assertTrue(a.next().contains("unauthenticated"));
    a.say("40{\"token\":\"alice\"}");
    assertTrue(a.next().startsWith("40{"));
    a.say("420[\"join\",\"socket.io:chat:lobby\"]");
    assertTrue(a.next().contains("unsupported"));
    a.say("42/open,1[\"echo\"]");
    a.expect("43/open,1[]");
  }

  @Test
  void answersOfTheClient() throws Exception {
    Client a = user(here, "alice");
    a.say("42/chat,[\"ask\",5000]");
    a.expect("42/chat,0[\"question\",7]");
    a.say("43/chat,99[\"never asked\"]");
    a.say("43/chat,0[\"yes\"]");
    assertEquals("got [\"yes\"]", chat.note());
    a.say("43/chat,0[\"again\"]");
    a.say("42/chat,[\"ask\",50]");
    a.expect("42/chat,1[\"question\",7]");
    assertEquals("not answered in time", chat.note());
    a.say("461-/chat,1[{\"_placeholder\":true,\"num\":0}]");
    a.bytes(1);
    a.say("42/chat,[\"ask\",60000]");
    a.expect("42/chat,2[\"question\",7]");
    a.wire.close();
    assertEquals("the socket has ended", chat.note());
    assertEquals("out alice transport close", chat.note());
  }

  @Test
  void eventsOfASocketAreHandledInOrder() throws Exception {
    Client a = user(here, "alice");
    a.say("42/chat,[\"ask\",60000]");
    a.expect("42/chat,0[\"question\",7]");
    for (int i = 0; i < 500; i++) {
      a.say("42/chat,[\"n\"," + i + "]");
    }
    assertEquals(0, chat.notes.size());
    a.say("43/chat,0[]");
    assertEquals("got []", chat.note());
    for (int i = 0; i < 500; i++) {
      assertEquals("n[" + i + "]", chat.note());
    }
  }

  @Test
  void aHandlerThatFailsHarmsNobody() throws Exception {
    Client a = user(here, "alice");
    a.say("42/chat,1[\"throw\"]");
    a.say("42/chat,2[\"bad emit\"]");
    a.say("42/chat,3[\"say\",5]");
    a.say("42/chat,4[\"echo\"]");
    a.expect("43/chat,4[]");
  }

  @Test
  void whatIsMalformedCloses() throws Exception {
    for (String bad :
        List.of(
            "42/chat,{}",
            "42/chat,[]",
            "42/chat,[{}]",
            "42/chat,[\"connect\"]",
            "42/chat,[\"newListener\",1]",
            "40/chat,{\"token\":\"alice\"}",
            "4512-/chat,[\"x\"]",
            "42/open,[\"x\"]",
            "43/chat,0{}")) {
      Client a = user(here, "alice");
      a.say(bad);
      a.closed();
      assertEquals("out alice parse error", chat.note());
    }
    Client early = new Client(here, "42/chat,[\"x\"]");
    early.closed();
  }

  @Test
  void theServerDisconnects() throws Exception {
    Client a = user(here, "alice");
    a.say("42/chat,[\"out\"]");
    a.expect("41/chat,");
    assertEquals("out alice server namespace disconnect", chat.note());
    Client b = user(here, "bob");
    b.say("42/chat,[\"out\",true]");
    b.expect("41/chat,");
    b.closed();
    assertEquals("out bob server namespace disconnect", chat.note());
    user(here, "carol");
    instance.connections.close("carol", CloseCode.KICKED, "kicked");
    assertEquals("out carol forced server close", chat.note());
    assertEquals(0, store.count());
  }

  @Test
  void aSessionGoesOnAnywhere() throws Exception {
    Client a = new Client(here, "40/chat,{\"token\":\"alice\",\"lobby\":1}");
    String connected = a.next();
    a.expect("42/chat,[\"welcome\",\"alice\"]");
    assertEquals("in alice", chat.note());
    a.say("42/chat,1[\"remember\",\"me\"]");
    a.expect("43/chat,1[]");
    a.wire.close();
    assertEquals("out alice transport close", chat.note());
    Client b = user(there, "bob");
    b.say("42/chat,1[\"say\",\"lobby\",\"missed\"]");
    assertTrue(b.next().startsWith("43/chat,1"));
    String pid = field(connected, "pid");
    Client other = new Client(there, "40/tenant-1,{\"token\":\"alice\",\"pid\":\"" + pid + "x\"}");
    assertTrue(other.next().startsWith("40/tenant-1,"));
    Client bob = new Client(there, "40/chat,{\"token\":\"bob\",\"pid\":\"" + pid + "\"}");
    assertTrue(!field(bob.next(), "sid").equals(field(connected, "sid")));
    assertEquals("in bob", chat.note());
    Client c = new Client(there, "40/chat,{\"token\":\"alice\",\"pid\":\"" + pid + "\"}");
    c.expect("42/chat,[\"said\",\"missed\",\"bob\"]");
    c.expect(connected, "42/chat,[\"welcome\",\"alice\"]");
    assertEquals("in alice again", chat.note());
    c.say("42/chat,2[\"recall\"]");
    c.expect("43/chat,2[\"me\"]");
    c.say("41/chat,");
    assertEquals("out alice client namespace disconnect", chat.note());
    Client d = new Client(here, "40/chat,{\"token\":\"alice\",\"pid\":\"" + pid + "\"}");
    assertTrue(!field(d.next(), "sid").equals(field(connected, "sid")));
    assertEquals("in alice", chat.note());
  }

  @Test
  void anIdIsARoomOfItsOwn() throws Exception {
    Client a = user(here, "alice");
    Client b = new Client(there, "40/chat,{\"token\":\"bob\",\"lobby\":1}");
    String connected = b.next();
    String id = field(connected, "sid");
    b.expect("42/chat,[\"welcome\",\"bob\"]");
    a.say("42/chat,1[\"say\",\"" + id + "\",1]");
    a.expect("43/chat,1[\"socket.io:chat:" + id + "\"]");
    b.expect("42/chat,[\"said\",1,\"alice\"]");
    b.wire.close();
    a.say("42/chat,2[\"say\",\"" + id + "\",2]");
    a.expect("43/chat,2[\"socket.io:chat:" + id + "\"]");
    String pid = field(connected, "pid");
    Client c = new Client(here, "40/chat,{\"token\":\"bob\",\"pid\":\"" + pid + "\"}");
    c.expect(
        "42/chat,[\"said\",1,\"alice\"]",
        "42/chat,[\"said\",2,\"alice\"]",
        connected,
        "42/chat,[\"welcome\",\"bob\"]");
  }

  @Test
  void aClientThatHadNothingBeginsAnew() throws Exception {
    Client a = user(here, "alice");
    a.wire.close();
    assertEquals("out alice transport close", chat.note());
    Client b = new Client(here, "40/chat,{\"token\":\"alice\",\"pid\":\"p1\"}");
    assertTrue(!b.next().contains("\"id-1\""));
    assertEquals("in alice", chat.note());
  }

  @Test
  void withoutRecoveryNothingIsStored() throws Exception {
    SocketIo plain = protocol(Duration.ZERO);
    Client a = new Client(plain, "40/chat,{\"token\":\"alice\",\"lobby\":1,\"pid\":\"p1\"}");
    assertTrue(a.next().matches("40/chat,\\{\"sid\":\"[^\"]+\"}"));
    assertEquals("42/chat,[\"welcome\",\"alice\"]", a.next());
    assertEquals(0, store.count());
    a.say("40{\"token\":\"alice\"}");
    assertTrue(a.next().matches("40\\{\"sid\":\"[^\"]+\"}"));
  }

  @Test
  void socketsOfAllInstances() throws Exception {
    Client a = user(here, "alice");
    Client b = user(there, "bob");
    a.say("42/chat,[\"sockets\"]");
    assertEquals("sockets [alice[], bob[]]", chat.note());
    a.say("42/chat,[\"ask all\",10000]");
    a.expect("42/chat,0[\"question\",8]");
    b.expect("42/chat,0[\"question\",8]");
    b.say("43/chat,0[{\"b\":1}]");
    a.say("43/chat,0[1]");
    assertEquals("got 2", chat.note());
    a.say("42/chat,[\"ask all\",200]");
    b.expect("42/chat,1[\"question\",8]");
    b.say("43/chat,1[]");
    assertEquals("late only 1 answers came in time", chat.note());
    a.expect("42/chat,1[\"question\",8]");
    a.say("42/chat,[\"all join\",\"hall\"]");
    List<String> rooms = new ArrayList<>();
    while (rooms.isEmpty() || !rooms.getLast().equals("sockets [alice[hall], bob[hall]]")) {
      a.say("42/chat,[\"sockets\"]");
      rooms.add(chat.note());
    }
    a.say("42/chat,[\"all out\"]");
    b.expect("41/chat,");
    assertEquals("out bob server namespace disconnect", chat.note());
  }
}
