package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.connection.ConnectionLimits;
import io.carillon.core.connection.Connections;
import io.carillon.core.connection.RevocationFreshness;
import io.carillon.core.room.Commands;
import io.carillon.core.spi.CarillonPrincipal;
import io.carillon.core.spi.Probe;
import io.carillon.kit.HandExecutor;
import io.carillon.kit.ManualTime;
import io.carillon.protocol.ProtocolRegistry;
import io.carillon.protocol.json.CarillonV1;
import io.carillon.transport.duplex.Links;
import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.lang.reflect.Proxy;
import java.nio.BufferOverflowException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The container closes no socket whose opening has failed, so nothing may fail silently there. */
final class SocketsTest {
  private final ManualTime time = new ManualTime();
  private final HandExecutor hand = new HandExecutor();
  private final Connections connections =
      new Connections(
          ConnectionLimits.DEFAULTS,
          () -> "c",
          time::nanos,
          time,
          new SplittableRandom(1),
          RevocationFreshness.always(),
          Probe.NONE);
  private final SocketEndpoint endpoint =
      new SocketEndpoint(
          new Sockets(
              new Links(
                  connections,
                  new Commands(null, token -> null),
                  hand,
                  Duration.ofSeconds(20),
                  Links.LinkLimits.DEFAULTS),
              new ProtocolRegistry(List.of(new CarillonV1())),
              hand,
              Runnable::run,
              () -> 0,
              new Sockets.SocketSettings(Duration.ofSeconds(10), 32 * 1024, Duration.ZERO)));
  private final List<Integer> closed = new ArrayList<>();
  private final Map<String, Object> properties = new HashMap<>();
  private Runnable whileClosing = () -> {};
  private Runnable writing = () -> {};

  @ParameterizedTest
  @ValueSource(
      strings = {
        "getNegotiatedSubprotocol",
        "setMaxIdleTimeout",
        "getBasicRemote",
        "getUserPrincipal",
        "getUserProperties",
        "isOpen"
      })
  void aSurpriseWhileItOpensClosesTheSocketAndFreesEverything(String surprise) {
    endpoint.opened(session(surprise, true));
    assertEquals(List.of(4003), closed);
    assertEquals(0, connections.count());
  }

  @Test
  void aSocketThatWasClosedMeanwhileLeavesNoConnection() {
    endpoint.opened(session("", false));
    assertEquals(0, connections.count());
  }

  @Test
  void aSocketThatOpensHasALink() {
    endpoint.opened(session("", true));
    assertEquals(1, connections.count());
    assertEquals(List.of(), closed);
    assertNotNull(properties.get(SocketLink.class.getName()));
  }

  @Test
  void aCloseIsOutWhenTheContainerHasSentIt() {
    endpoint.opened(session("", true));
    connections.drain(Duration.ofSeconds(1), Duration.ofSeconds(1));
    whileClosing = () -> assertFalse(connections.allClosed().isDone());
    hand.runAll();
    assertEquals(List.of(1012), closed);
    assertTrue(connections.allClosed().isDone());
  }

  @Test
  void aWriteThatFailsInTheContainerIsABrokenSocketAndNoTraceInTheLog() {
    List<LogRecord> traces = new ArrayList<>();
    Handler handler = noting(traces);
    Logger log = Logger.getLogger(Connections.class.getPackageName());
    log.addHandler(handler);
    try {
      writing =
          () -> {
            throw new BufferOverflowException();
          };
      endpoint.opened(session("", true));
      hand.runAll();
    } finally {
      log.removeHandler(handler);
    }
    assertEquals(0, connections.count());
    assertEquals(List.of(), traces);
  }

  /** Notes what is logged with a stack trace. */
  private static Handler noting(List<LogRecord> traces) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        if (line.getThrown() != null) {
          traces.add(line);
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  private Session session(String surprise, boolean open) {
    CarillonPrincipal alice =
        new CarillonPrincipal() {
          @Override
          public Identity identity() {
            return new Identity("alice", Grants.NONE, null, null);
          }

          @Override
          public String getName() {
            return "alice";
          }
        };
    return (Session)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Session.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals(surprise)) {
                throw new IllegalStateException("a surprise");
              }
              return switch (method.getName()) {
                case "getNegotiatedSubprotocol" -> "carillon.v1";
                case "getUserPrincipal" -> alice;
                case "getUserProperties" -> properties;
                case "isOpen" -> open;
                case "getBasicRemote" -> remote();
                case "close" -> {
                  whileClosing.run();
                  yield closed.add(((CloseReason) arguments[0]).getCloseCode().getCode());
                }
                default -> null;
              };
            });
  }

  private RemoteEndpoint.Basic remote() {
    return (RemoteEndpoint.Basic)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {RemoteEndpoint.Basic.class},
            (proxy, method, arguments) -> {
              writing.run();
              return null;
            });
  }
}
