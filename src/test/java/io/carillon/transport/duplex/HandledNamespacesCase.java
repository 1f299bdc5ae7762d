package io.carillon.transport.duplex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.json.JsonFields;
import io.carillon.kit.MemoryInstance;
import io.carillon.kit.MemoryRecoveries;
import io.carillon.kit.MemorySockets;
import io.carillon.protocol.Message;
import io.carillon.protocol.socketio.HandlerEntry;
import io.carillon.protocol.socketio.RecoverySessions;
import io.carillon.protocol.socketio.SocketHub;
import io.carillon.protocol.socketio.SocketIo;
import io.carillon.protocol.socketio.SocketIoSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Two instances in memory whose namespaces beans handle, and clients of them. */
@Timeout(60)
abstract class HandledNamespacesCase {
  final MemoryInstance instance = new MemoryInstance();
  final MemoryRecoveries store = new MemoryRecoveries();
  final AtomicInteger secrets = new AtomicInteger();
  final MemorySockets sockets = new MemorySockets(instance);
  final ScriptedHandler chat = new ScriptedHandler();
  final ScriptedHandler open = new ScriptedHandler();
  final ScriptedHandler tenants = new ScriptedHandler();
  final List<RecoverySessions> sessions = new ArrayList<>();
  final List<SocketHub> hubs = new ArrayList<>();
  final SocketIo here = protocol(Duration.ofMinutes(2));
  final SocketIo there = protocol(Duration.ofMinutes(2));
  final Links links = instance.links();

  @AfterEach
  void close() {
    instance.close();
  }

  SocketIo protocol(Duration away) {
    RecoverySessions kept =
        new RecoverySessions(
            store,
            away,
            () -> "p" + secrets.incrementAndGet(),
            instance.connections::isOpen,
            Runnable::run);
    SocketHub hub =
        sockets.hub(
            kept,
            new HandlerEntry("/chat", false, chat),
            new HandlerEntry("/open", true, open),
            new HandlerEntry("/tenant-*", false, tenants));
    sessions.add(kept);
    hubs.add(hub);
    return new SocketIo(hub, SocketIoSettings.DEFAULTS);
  }

  /** A client that has begun Engine.IO. */
  final class Client {
    final MemoryWire wire;

    Client(SocketIo protocol) {
      this(protocol, links);
    }

    Client(SocketIo protocol, Links over) {
      wire = MemoryWire.open(over, protocol, Identity.NOBODY, instance.threads);
      assertTrue(next().startsWith("0{\"sid\":"));
    }

    Client(SocketIo protocol, String connect) {
      this(protocol);
      say(connect);
    }

    void say(String text) {
      wire.send(new Message.Text(text));
    }

    void bytes(int... bytes) {
      byte[] all = new byte[bytes.length];
      for (int i = 0; i < all.length; i++) {
        all[i] = (byte) bytes[i];
      }
      wire.send(new Message.Bytes(all));
    }

    String next() {
      return String.valueOf(wire.next());
    }

    void expect(String... texts) {
      for (String text : texts) {
        String got = next();
        int offset = got.lastIndexOf(",\"c~");
        assertEquals(text, offset < 0 ? got : got.substring(0, offset) + ']');
      }
    }

    /** Waits until all that it has said was decoded. */
    void decoded() {
      say("40/nowhere,");
      expect("44/nowhere,{\"message\":\"Invalid namespace\"}");
    }

    void closed() {
      assertEquals("null", next());
    }
  }

  /** A client of this user in the chat. */
  Client user(SocketIo protocol, String name) throws InterruptedException {
    return enter(new Client(protocol), name);
  }

  /** Lets a client enter the chat. */
  Client enter(Client client, String name) throws InterruptedException {
    client.say("40/chat,{\"token\":\"" + name + "\"}");
    String connected = client.next();
    assertTrue(connected.startsWith("40/chat,{\"sid\":\"id-"), connected);
    client.expect("42/chat,[\"welcome\",\"" + name + "\"]");
    assertEquals("in " + name, chat.note());
    return client;
  }

  static String field(String connected, String name) {
    return JsonFields.parse(connected.substring(connected.indexOf('{')), 1, ErrorCode.BAD_FRAME)
        .requiredString(name);
  }
}
