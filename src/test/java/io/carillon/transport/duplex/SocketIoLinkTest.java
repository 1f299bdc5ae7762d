package io.carillon.transport.duplex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.contract.Wire;
import io.carillon.core.CloseCode;
import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.json.JsonFields;
import io.carillon.kit.MemoryInstance;
import io.carillon.kit.MemoryRecoveries;
import io.carillon.kit.MemorySockets;
import io.carillon.protocol.Message;
import io.carillon.protocol.socketio.RecoverySessions;
import io.carillon.protocol.socketio.SocketIo;
import io.carillon.protocol.socketio.SocketIoSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Packets of Socket.IO on an instance in memory. */
@Timeout(60)
final class SocketIoLinkTest {
  private final MemoryInstance instance = new MemoryInstance();
  private final MemoryRecoveries store = new MemoryRecoveries();
  private final AtomicInteger secrets = new AtomicInteger();
  private final RecoverySessions sessions = sessions(SocketIoSettings.DEFAULTS.away());
  private final SocketIo protocol =
      new SocketIo(new MemorySockets(instance).hub(sessions), SocketIoSettings.DEFAULTS);
  private final Links links = instance.links();
  private final List<Wire> wires = new ArrayList<>();

  private RecoverySessions sessions(Duration away) {
    return new RecoverySessions(
        store,
        away,
        () -> "p" + secrets.incrementAndGet(),
        instance.connections::isOpen,
        Runnable::run);
  }

  @AfterEach
  void close() {
    instance.close();
  }

  private final class Client {
    private final MemoryWire wire;

    Client() {
      wire = MemoryWire.open(links, protocol, Identity.NOBODY, instance.threads);
      wires.add(wire);
      assertTrue(next().startsWith("0{\"sid\":"));
    }

    Client(String connect) {
      this();
      say(connect);
    }

    void say(String text) {
      wire.send(new Message.Text(text));
    }

    String next() {
      return String.valueOf(wire.next());
    }

    void expect(String... texts) {
      for (String text : texts) {
        assertEquals(text, next());
      }
    }

    void closed() {
      assertEquals("null", next());
    }
  }

  private Client alice() {
    Client client = new Client("40{\"token\":\"alice\"}");
    String connected = client.next();
    assertTrue(connected.startsWith("40{\"sid\":"), connected);
    return client;
  }

  private static String offset(String event) {
    int end = event.lastIndexOf('"');
    return event.substring(event.lastIndexOf('"', end - 1) + 1, end);
  }

  @Test
  void joinPublishAndLeave() {
    Client a = alice();
    a.say("420[\"join\",\"r\"]");
    a.expect("430[{\"cursor\":\"0.0\",\"head\":\"0.0\",\"recovered\":false}]");
    a.say("421[\"publish\",\"r\",\"n\",{\"x\": 1},{\"key\":\"k\"}]");
    List<String> got = new ArrayList<>(List.of(a.next(), a.next()));
    got.sort(null);
    assertTrue(
        got.getFirst().startsWith("42[\"n\",{\"x\": 1},{\"room\":\"r\",\"seq\":1,"), got::toString);
    assertTrue(got.getFirst().endsWith("\"]"));
    assertTrue(got.getLast().startsWith("431[{\"seq\":1,"), got::toString);
    a.say("422[\"leave\",\"r\"]");
    a.expect("432[{}]");
    a.say("423[\"publish\",\"r\",\"n\",2]");
    assertTrue(a.next().startsWith("433[{\"seq\":2,"));
    a.say("42[\"publish\",\"r\",\"n\",3]");
    a.say("424[\"leave\",\"r\"]");
    a.expect("434[{}]");
  }

  @Test
  void refusalsAreAnswers() {
    Client a = alice();
    a.say("420[\"x\"]");
    assertTrue(a.next().startsWith("430[{\"error\":{\"code\":\"unsupported\""));
    a.say("421[\"join\",\"not a room\"]");
    assertTrue(a.next().startsWith("431[{\"error\":{\"code\":\"bad_room\""));
    a.say("422[7]");
    assertTrue(a.next().startsWith("432[{\"error\":{\"code\":\"unsupported\""));
    a.say("423[\"publish\",\"r\",\"n\"," + "[".repeat(40) + "]".repeat(40) + "]");
    assertTrue(a.next().startsWith("433[{\"error\":{\"code\":\"bad_data\""));
    a.say("42[\"x\"]");
    a.say("424[\"track\",\"r\",{}]");
    assertTrue(a.next().startsWith("434[{\"error\":{\"code\":\"not_joined\""));
    a.say("425[\"publish\",\"r\",\"n\",\"half \\ud83d of it\"]");
    assertTrue(a.next().startsWith("435[{\"error\":{\"code\":\"bad_data\""));
    a.say("426[\"publish\",\"r\",\"n\",\"whole \\ud83d\\ude00\"]");
    assertTrue(a.next().startsWith("436[{\"seq\":1"));
    a.say("427[\"publish\",\"r\",\"n\",1,{\"key\":\"a\\nb\"}]");
    assertTrue(a.next().startsWith("437[{\"error\":{\"code\":\"bad_data\""));
  }

  @Test
  void whoHasNoTokenIsToldSo() {
    Client nobody = new Client("40");
    assertTrue(
        nobody
            .next()
            .startsWith(
                "44{\"message\":\"A valid credential is"
                    + " needed.\",\"data\":{\"code\":\"unauthenticated\""));
    nobody.say("40{\"token\":\"bad\"}");
    assertTrue(nobody.next().startsWith("44{"));
    nobody.say("40/admin,{}");
    nobody.expect("44/admin,{\"message\":\"Invalid namespace\"}");
    nobody.say("40{\"token\":\"alice\"}");
    assertTrue(nobody.next().startsWith("40{"));
  }

  @Test
  void whatIsMalformedCloses() {
    for (String bad :
        List.of(
            "",
            "x",
            "0",
            "2",
            "2probe",
            "5",
            "4",
            "4abc",
            "42{}",
            "42[]",
            "42[\"connect\"]",
            "42[{}]",
            "40",
            "42/other,[\"x\"]",
            "451-[\"x\"",
            "44{\"message\":\"x\"}")) {
      Client a = alice();
      a.say(bad);
      a.closed();
    }
    Client early = new Client();
    early.say("420[\"join\",\"r\"]");
    early.closed();
    Client bytes = alice();
    bytes.wire.send(new Message.Bytes(new byte[3]));
    bytes.closed();
    Client text = alice();
    text.say("451-[\"publish\",\"r\",\"n\",{\"_placeholder\":true,\"num\":0}]");
    text.say("42[\"x\"]");
    text.closed();
  }

  @Test
  void bytesAreKeptOrRefused() {
    Client a = alice();
    a.say("420[\"join\",\"r\"]");
    a.next();
    a.say("451-1[\"publish\",\"r\",\"n\",{\"_placeholder\":true,\"num\":0}]");
    a.wire.send(new Message.Bytes(new byte[] {1, 2, 3}));
    List<String> got = new ArrayList<>(List.of(a.next(), a.next(), a.next()));
    assertTrue(got.contains("3 bytes"), got::toString);
    assertTrue(
        got.get(got.indexOf("3 bytes") - 1)
            .startsWith("451-[\"n\",{\"_placeholder\":true,\"num\":0},{\"room\":\"r\""));
    a.say("451-2[\"publish\",\"r\",\"n\",{\"in\":{\"_placeholder\":true,\"num\":0}}]");
    a.wire.send(new Message.Bytes(new byte[] {1}));
    assertTrue(a.next().startsWith("432[{\"error\":{\"code\":\"unsupported\""));
    a.say("452-3[\"publish\",\"r\",\"n\",[{\"_placeholder\":true,\"num\":0}]]");
    a.wire.send(new Message.Bytes(new byte[] {1}));
    a.say("3");
    a.wire.send(new Message.Bytes(new byte[] {1}));
    assertTrue(a.next().startsWith("433[{\"error\":{\"code\":\"unsupported\""));
    a.say("451-4[\"join\",{\"_placeholder\":true,\"num\":0}]");
    a.wire.send(new Message.Bytes(new byte[] {1}));
    assertTrue(a.next().startsWith("434[{\"error\":"));
  }

  @Test
  void aSessionGoesOnWhereItWas() {
    Client a = new Client("40{\"token\":\"alice\"}");
    String connected = a.next();
    a.say("420[\"join\",\"r\"]");
    a.next();
    a.say("421[\"join\",\"s\"]");
    a.next();
    a.say("42[\"publish\",\"r\",\"n\",1]");
    String first = a.next();
    a.wire.close();
    Client b = alice();
    for (int i = 2; i < 5; i++) {
      b.say("42" + i + "[\"publish\",\"" + (i == 3 ? "s" : "r") + "\",\"n\"," + i + "]");
      b.next();
    }
    String pid =
        JsonFields.parse(connected.substring(2), 1, ErrorCode.BAD_FRAME).requiredString("pid");
    String back =
        "40{\"token\":\"alice\",\"pid\":\"" + pid + "\",\"offset\":\"" + offset(first) + "\"}";
    for (int again = 0; again < 2; again++) {
      Client c = new Client(back);
      List<String> missed = new ArrayList<>(List.of(c.next(), c.next(), c.next()));
      missed.replaceAll(event -> event.substring(0, 8));
      missed.sort(null);
      assertEquals(List.of("42[\"n\",2", "42[\"n\",3", "42[\"n\",4"), missed);
      c.expect(connected);
      c.wire.close();
    }
    Client bob = new Client(back.replace("alice", "bob"));
    assertTrue(bob.next().startsWith("40{"));
    bob.say("421[\"x\"]");
    assertTrue(bob.next().startsWith("431"));
  }

  @Test
  void withoutRecoveryNothingIsKeptAndNoOffsetTold() {
    SocketIo forgetful =
        new SocketIo(
            new MemorySockets(instance).hub(sessions(Duration.ZERO)), SocketIoSettings.DEFAULTS);
    MemoryWire wire = MemoryWire.open(links, forgetful, Identity.NOBODY, instance.threads);
    wires.add(wire);
    wire.next();
    wire.send(new Message.Text("40{\"token\":\"alice\",\"pid\":\"p1\",\"offset\":\"x\"}"));
    String connected = String.valueOf(wire.next());
    assertTrue(connected.matches("40\\{\"sid\":\"[^\"]+\"\\}"), connected);
    wire.send(new Message.Text("420[\"join\",\"r\"]"));
    assertTrue(String.valueOf(wire.next()).startsWith("430[{\"cursor\""));
    wire.send(new Message.Text("42[\"publish\",\"r\",\"n\",1]"));
    String event = String.valueOf(wire.next());
    assertTrue(event.endsWith("\"}]"), event);
    assertEquals(0, store.count());
    wire.send(new Message.Text("41"));
    wire.send(new Message.Text("40{\"token\":\"alice\"}"));
    assertTrue(String.valueOf(wire.next()).startsWith("40{"));
    assertEquals(0, store.count());
  }

  @Test
  void whatCannotBeStoredIsNotJoined() {
    Client a = alice();
    store.away(true);
    a.say("420[\"join\",\"r\"]");
    assertTrue(a.next().startsWith("430[{\"error\":{\"code\":\"storage\""));
    store.away(false);
    a.say("421[\"publish\",\"r\",\"n\",1]");
    assertTrue(a.next().startsWith("431[{\"seq\":1"));
    a.say("422[\"join\",\"r\"]");
    assertTrue(a.next().startsWith("432[{\"cursor\""));
    assertEquals(1, store.count());
    a.say("41");
    a.say("40{\"token\":\"alice\"}");
    assertTrue(a.next().startsWith("40{"));
    assertEquals(0, store.count());
  }

  @Test
  void whoIsSentAwayIsDisconnectedAndADrainSaysNothing() {
    Client a = alice();
    a.say("420[\"join\",\"r\"]");
    a.next();
    assertEquals(1, store.count());
    assertEquals(1, instance.connections.close("alice", CloseCode.KICKED, "kicked"));
    a.expect("41");
    a.closed();
    sessions.keep();
    assertEquals(0, store.count());
    Client b = alice();
    instance.connections.drain(Duration.ofSeconds(1), Duration.ofSeconds(1));
    b.closed();
  }
}
