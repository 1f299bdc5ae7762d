package io.carillon.transport.duplex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.CloseCode;
import io.carillon.core.Content;
import io.carillon.core.ErrorCode;
import io.carillon.core.EventName;
import io.carillon.core.Identity;
import io.carillon.core.Lessee;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.limit.Limit;
import io.carillon.core.limit.LimitSettings;
import io.carillon.core.limit.Rate;
import io.carillon.kit.MemoryInstance;
import io.carillon.kit.MemoryRecoveries;
import io.carillon.kit.MemorySockets;
import io.carillon.protocol.Message;
import io.carillon.protocol.json.CarillonV1;
import io.carillon.protocol.socketio.HandlerEntry;
import io.carillon.protocol.socketio.RecoverySessions;
import io.carillon.protocol.socketio.SocketIo;
import io.carillon.protocol.socketio.SocketIoSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits by room and by connection, of an instance in memory, as clients meet them. */
@Timeout(60)
final class LimitedRoomsTest {
  private static final RoomName ROOM = new RoomName("a:1");

  private final MemoryInstance instance =
      new MemoryInstance(
          new LimitSettings(
              Map.of(
                  Limit.PUBLISHES_ROOM, new Rate(1, 3),
                  Limit.SIGNALS_ROOM, new Rate(1, 3),
                  Limit.PINGS_CONNECTION, new Rate(1, 3),
                  Limit.HANDLED_USER, new Rate(1, 3)),
              Map.of(Limit.READERS_ROOM, 4, Limit.MEMBERS_ROOM, 3, Limit.CONNECTIONS_USER, 2),
              Set.of()));
  private final Links links = instance.links();

  @AfterEach
  void close() {
    instance.close();
  }

  private final class Client {
    private final MemoryWire wire;

    Client(String user) {
      wire = MemoryWire.open(links, new CarillonV1(), instance.identity(user), instance.threads);
      assertTrue(next().contains("welcome"));
    }

    String next() {
      return String.valueOf(wire.next());
    }

    /** What is answered to a command with {@code "ref":1}; what else comes is passed over. */
    String ask(String type, String fields) {
      String rest = fields.isEmpty() ? "" : ',' + fields;
      wire.send(new Message.Text("{\"type\":\"" + type + "\",\"ref\":1" + rest + '}'));
      String said = next();
      while (!said.contains("\"ref\":1")) {
        said = next();
      }
      return said;
    }

    void ok(String type, String fields) {
      String answer = ask(type, fields);
      assertTrue(answer.contains("\"type\":\"ok\""), answer);
    }

    void refused(String code, String type, String fields) {
      String answer = ask(type, fields);
      assertTrue(answer.contains("\"code\":\"" + code + '"'), answer);
    }
  }

  @Test
  void eventsAndSignalsOfARoomWhoeverSendsThem() {
    String event = "\"room\":\"a:1\",\"name\":\"n\",\"data\":1";
    for (String type : List.of("publish", "signal")) {
      for (int i = 0; i < 3; i++) {
        new Client("u" + i).ok(type, event);
      }
      new Client("late" + type).refused("rate", type, event);
      new Client("other" + type).ok(type, event.replace("a:1", "a:2"));
    }
    assertEquals(
        ErrorCode.RATE,
        assertThrows(
                RefusedException.class,
                () -> {
                  var unused =
                      instance.rooms.publish(
                          instance.identity("rest"),
                          ROOM,
                          new EventName("n"),
                          Content.json("1"),
                          null,
                          null,
                          null);
                })
            .rejection()
            .code());
    instance.pass(1);
    new Client("again").ok("publish", event);
  }

  /** Who may not write to a room cannot use up what those may who do. */
  @Test
  void whoMayNotUsesNothingUp() {
    String event = "\"room\":\"a:1\",\"name\":\"n\",\"data\":1";
    Client stranger = new Client("eve:60:b:1");
    for (int i = 0; i < 9; i++) {
      stranger.refused("forbidden", "publish", event);
      stranger.refused("forbidden", "signal", event);
    }
    Client alice = new Client("alice");
    alice.ok("publish", event);
    alice.ok("signal", event);
  }

  @Test
  void readersOfARoom() {
    Client first = new Client("u0");
    first.ok("join", "\"room\":\"a:1\"");
    for (int i = 1; i < 4; i++) {
      new Client("u" + i).ok("join", "\"room\":\"a:1\"");
    }
    Client fifth = new Client("u4");
    fifth.refused("limit", "join", "\"room\":\"a:1\"");
    first.ok("join", "\"room\":\"a:1\"");
    fifth.refused("limit", "join", "\"room\":\"a:1\"");
    fifth.ok("join", "\"room\":\"a:2\"");
    first.wire.close();
    fifth.ok("join", "\"room\":\"a:1\"");
  }

  @Test
  void membersOfARoomByConnectionsAndLeases() {
    String present = "\"room\":\"a:1\",\"presence\":{\"state\":{}}";
    Client first = new Client("u0");
    first.ok("join", present);
    first.ok("track", "\"room\":\"a:1\",\"state\":{\"a\":1}");
    first.ok("join", present);
    Client second = new Client("u1");
    second.ok("join", "\"room\":\"a:1\"");
    second.ok("track", "\"room\":\"a:1\",\"state\":{}");
    lease("u2");
    lease("u2");
    Client third = new Client("u3");
    third.refused("limit", "join", present);
    third.ok("join", "\"room\":\"a:1\"");
    third.refused("limit", "track", "\"room\":\"a:1\",\"state\":{}");
    assertEquals(ErrorCode.LIMIT, refusedLease("u4"));
    second.ok("untrack", "\"room\":\"a:1\"");
    third.ok("track", "\"room\":\"a:1\",\"state\":{}");
    first.wire.close();
    lease("u4");
    assertEquals(ErrorCode.LIMIT, refusedLease("u5"));
    instance.rooms.membership().unlease(instance.identity("u4"), Lessee.of("u4"), ROOM);
    lease("u5");
    instance.time.pass(Duration.ofSeconds(31));
    lease("u6");
    lease("u7");
    assertEquals(ErrorCode.LIMIT, refusedLease("u8"), "a connection counts as long as it is open");
    third.ok("leave", "\"room\":\"a:1\"");
    lease("u8");
  }

  private void lease(String user) {
    Identity who = instance.identity(user);
    instance.rooms.membership().lease(who, Lessee.of(user), ROOM, "{}");
  }

  private ErrorCode refusedLease(String user) {
    return assertThrows(RefusedException.class, () -> lease(user)).rejection().code();
  }

  @Test
  void pingsOfAConnection() {
    Client one = new Client("alice");
    for (int i = 0; i < 3; i++) {
      assertTrue(one.ask("ping", "").contains("pong"));
    }
    one.refused("rate", "ping", "");
    assertTrue(new Client("alice").ask("ping", "").contains("pong"));
    instance.pass(1);
    assertTrue(one.ask("ping", "").contains("pong"));
  }

  /** Which no command tells of: the carrier answers them, and all that is left is to end it. */
  @Test
  void pingsOfTheCarrier() {
    MemoryWire wire =
        MemoryWire.open(links, new CarillonV1(), instance.identity("alice"), instance.threads);
    DuplexLink link = wire.link();
    for (int i = 0; i < 3; i++) {
      links.pinged(link);
    }
    assertFalse(link.connection().closing());
    links.pinged(link);
    assertEquals(CloseCode.OVERLOAD, ending(wire));
  }

  private static CloseCode ending(MemoryWire wire) {
    while (wire.next() != null) {
      // What was said before.
    }
    return wire.link().connection().ending();
  }

  private SocketIo socketIo(ScriptedHandler handler) {
    MemorySockets sockets = new MemorySockets(instance);
    RecoverySessions sessions =
        new RecoverySessions(
            new MemoryRecoveries(),
            Duration.ofMinutes(2),
            () -> "p",
            instance.connections::isOpen,
            Runnable::run);
    return new SocketIo(
        sockets.hub(sessions, new HandlerEntry("/chat", false, handler)),
        SocketIoSettings.DEFAULTS);
  }

  @Test
  void messagesForHandlersOfAnApplication() throws Exception {
    SocketIo protocol = socketIo(new ScriptedHandler());
    MemoryWire wire = MemoryWire.open(links, protocol, Identity.NOBODY, instance.threads);
    assertTrue(String.valueOf(wire.next()).startsWith("0{"));
    wire.send(new Message.Text("40/chat,{\"token\":\"alice\"}"));
    assertTrue(String.valueOf(wire.next()).startsWith("40/chat,"));
    for (int i = 0; i < 9; i++) {
      wire.send(new Message.Text("42/chat," + i + "[\"echo\",1]"));
    }
    assertEquals(CloseCode.OVERLOAD, ending(wire));
  }

  /** Who shows a credential after the opening is one more of that user's connections. */
  @Test
  void connectionsOfAUserThatSaysLateWhoItIs() {
    SocketIo protocol = socketIo(new ScriptedHandler());
    MemoryWire first = enter(protocol);
    assertTrue(said(first).startsWith("40{"));
    new Client("alice");
    MemoryWire third = enter(protocol);
    assertEquals(CloseCode.OVERLOAD, ending(third));
    first.close();
    assertTrue(said(enter(protocol)).startsWith("40{"));
  }

  private MemoryWire enter(SocketIo protocol) {
    MemoryWire wire = MemoryWire.open(links, protocol, Identity.NOBODY, instance.threads);
    assertTrue(said(wire).startsWith("0{"));
    wire.send(new Message.Text("40{\"token\":\"alice\"}"));
    return wire;
  }

  private static String said(MemoryWire wire) {
    return String.valueOf(wire.next());
  }
}
