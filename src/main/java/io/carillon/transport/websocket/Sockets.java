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
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes a connection of each socket that opens. Thread-safe. */
public final class Sockets {
  private static final System.Logger LOG = System.getLogger(Sockets.class.getName());

  private final Connections connections;
  private final Commands commands;
  private final ProtocolRegistry protocols;
  private final Executor drainer;
  private final Executor waiters;
  private final LongSupplier secrets;
  private final Settings settings;
  private final Semaphore waitingReaders;

  /**
   * The bounds of sockets.
   *
   * @param heartbeat how often a ping is sent
   * @param patience how long a peer may read nothing of what waits for it before it is given up
   * @param window how many bytes may be on their way to a peer that has not said that it read them;
   *     they must fit into the kernel's buffer of a socket
   * @param inboundBytes how many bytes of one peer's messages may wait to be worked on
   * @param waitingReaders how many peers' reads may be held up at a time because of that; peers
   *     beyond are closed instead
   */
  public record Settings(
      Duration heartbeat, Duration patience, int window, int inboundBytes, int waitingReaders) {
    /** 20 seconds, 10 seconds, 32 KiB, 512 KiB, 64 readers. */
    public static final Settings DEFAULTS =
        new Settings(Duration.ofSeconds(20), Duration.ofSeconds(10), 32 * 1024, 512 * 1024, 64);
  }

  /**
   * Takes what sockets need.
   *
   * @param drainer writes what there is credit for
   * @param waiters wait for credit and close sockets, which may last some seconds: give virtual
   *     threads
   * @param secrets unguessable numbers
   */
  public Sockets(
      Connections connections,
      Commands commands,
      ProtocolRegistry protocols,
      Executor drainer,
      Executor waiters,
      LongSupplier secrets,
      Settings settings) {
    this.connections = connections;
    this.commands = commands;
    this.protocols = protocols;
    this.drainer = drainer;
    this.waiters = waiters;
    this.secrets = secrets;
    this.settings = settings;
    this.waitingReaders = new Semaphore(settings.waitingReaders);
  }

  /**
   * Makes a connection; null: the socket is being closed again. Nothing is thrown: the container
   * closes no socket whose opening has failed.
   */
  @Nullable SocketLink open(Session session) {
    try {
      return begin(session);
    } catch (RuntimeException | Error surprise) {
      failed(session, surprise);
      return null;
    }
  }

  /** Closes a socket that could not be opened; its peer may try again. */
  void failed(Session session, Throwable surprise) {
    LOG.log(Level.ERROR, "a socket could not be opened; it is closed", surprise);
    waiters.execute(
        () -> {
          try {
            session.close(
                new CloseReason(
                    CloseReason.CloseCodes.getCloseCode(CloseCode.MOVED.code()), "internal"));
          } catch (IOException | IllegalStateException gone) {
            LOG.log(Level.DEBUG, "a socket could not be closed", gone);
          }
        });
  }

  private @Nullable SocketLink begin(Session session) {
    Protocol protocol = protocols.named(session.getNegotiatedSubprotocol());
    session.setMaxIdleTimeout(0);
    session.setMaxTextMessageBufferSize(SocketLink.MAX_MESSAGE);
    session.setMaxBinaryMessageBufferSize(SocketLink.MAX_MESSAGE);
    MessageBound.on(session, new FrameMeter(SocketLink.MAX_MESSAGE, SocketLink.MAX_FRAMES));
    Credit credit = new Credit(settings.window, secrets);
    SocketSink sink = new SocketSink(session, protocol, credit, settings.patience, waiters);
    if (!(session.getUserPrincipal() instanceof CarillonPrincipal principal)) {
      sink.close(CloseCode.UNAUTHENTICATED, "no credential");
      return null;
    }
    try {
      return link(principal.identity(), protocol, sink);
    } catch (RefusedException refused) {
      Duration after = refused.rejection().retryAfter();
      String reason = connections.reason(refused.rejection());
      Delivery.Goodbye goodbye =
          new Delivery.Goodbye(reason, after == null ? Duration.ofSeconds(1) : after);
      sink.write(
          List.of(protocol.encoder().encode(goodbye)),
          ok -> sink.close(CloseCode.OVERLOAD, reason));
      return null;
    }
  }

  private SocketLink link(Identity who, Protocol protocol, SocketSink sink) {
    Liveness liveness = new Liveness(settings.heartbeat, true, Duration.ZERO);
    Connection connection = connections.open(who, protocol.encoder(), sink, drainer, liveness);
    try {
      connection.deliver(
          new Delivery.Welcome(connection.id(), who.user(), settings.heartbeat, who.expiresAt()));
      return new SocketLink(
          connection, sink, protocol, commands, settings.inboundBytes, waitingReaders);
    } catch (RuntimeException | Error surprise) {
      connection.gone();
      throw surprise;
    }
  }
}
