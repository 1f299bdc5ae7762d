package io.carillon.transport.websocket;

import io.carillon.core.CloseCode;
import io.carillon.core.Delivery;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.Connections;
import io.carillon.core.connection.Liveness;
import io.carillon.core.room.Commands;
import io.carillon.core.spi.CarillonPrincipal;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.ProtocolRegistry;
import jakarta.websocket.Session;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Makes a connection of each socket that opens. Thread-safe. */
public final class Sockets {
  private final Connections connections;
  private final Commands commands;
  private final ProtocolRegistry protocols;
  private final Executor drainer;
  private final Executor closer;
  private final Settings settings;
  private final Semaphore waitingReaders;

  /**
   * The bounds of sockets.
   *
   * @param heartbeat how often a ping is sent
   * @param sendTimeout how long one write may take before the peer is given up
   * @param inboundBytes how many bytes of one peer's messages may wait to be worked on
   * @param waitingReaders how many peers' reads may be held up at a time because of that; peers
   *     beyond are closed instead
   */
  public record Settings(
      Duration heartbeat, Duration sendTimeout, int inboundBytes, int waitingReaders) {
    /** 20 seconds, 10 seconds, 512 KiB, 64 readers. */
    public static final Settings DEFAULTS =
        new Settings(Duration.ofSeconds(20), Duration.ofSeconds(10), 512 * 1024, 64);
  }

  /**
   * Takes what sockets need.
   *
   * @param drainer starts writes, which do not block
   * @param closer closes sockets, which may block for some seconds: give virtual threads
   */
  public Sockets(
      Connections connections,
      Commands commands,
      ProtocolRegistry protocols,
      Executor drainer,
      Executor closer,
      Settings settings) {
    this.connections = connections;
    this.commands = commands;
    this.protocols = protocols;
    this.drainer = drainer;
    this.closer = closer;
    this.settings = settings;
    this.waitingReaders = new Semaphore(settings.waitingReaders);
  }

  /** Makes a connection; null: the socket is being closed again. */
  @Nullable SocketLink open(Session session) {
    Protocol protocol = protocols.named(session.getNegotiatedSubprotocol());
    session.setMaxIdleTimeout(0);
    session.setMaxTextMessageBufferSize(SocketLink.MAX_MESSAGE);
    session.setMaxBinaryMessageBufferSize(SocketLink.MAX_MESSAGE);
    SocketSink sink = new SocketSink(session, protocol, settings.sendTimeout, closer);
    if (!(session.getUserPrincipal() instanceof CarillonPrincipal principal)) {
      sink.close(CloseCode.UNAUTHENTICATED, "no credential");
      return null;
    }
    try {
      return link(principal.identity(), protocol, sink);
    } catch (RefusedException refused) {
      Duration after = refused.rejection().retryAfter();
      Delivery.Goodbye goodbye =
          new Delivery.Goodbye("overloaded", after == null ? Duration.ofSeconds(1) : after);
      sink.write(
          List.of(protocol.encoder().encode(goodbye)),
          ok -> sink.close(CloseCode.OVERLOAD, "overloaded"));
      return null;
    }
  }

  private SocketLink link(Identity who, Protocol protocol, SocketSink sink) {
    Liveness liveness = new Liveness(settings.heartbeat, true, Duration.ZERO);
    Connection connection = connections.open(who, protocol.encoder(), sink, drainer, liveness);
    connection.deliver(
        new Delivery.Welcome(connection.id(), who.user(), settings.heartbeat, who.expiresAt()));
    return new SocketLink(connection, protocol, commands, settings.inboundBytes, waitingReaders);
  }
}
