package io.carillon.transport.websocket;

import io.carillon.core.CloseCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.connection.Carrier;
import io.carillon.core.connection.Farewell;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.ProtocolRegistry;
import io.carillon.transport.duplex.Links;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Factory of connections for sockets that open. Thread-safe. */
public final class Sockets {
  private static final System.Logger LOG = System.getLogger(Sockets.class.getName());

  /** What every request of the product's own socket says. */
  private static final Peer PLAIN = new Peer(Protocol.SOCKET, Map.of(), Map.of());

  private final Links links;
  private final ProtocolRegistry protocols;
  private final Executor writers;
  private final Executor waiters;
  private final LongSupplier secrets;
  private final SocketSettings settings;

  /**
   * The bounds of sockets.
   *
   * @param patience how long a peer may read nothing of what waits for it before it is given up
   * @param window how many bytes may be on their way to a peer that has not said that it read them;
   *     they must fit into the kernel's buffer of a socket
   * @param unanswered how long a peer may leave a close unanswered before its connection is ended
   */
  public record SocketSettings(Duration patience, int window, Duration unanswered) {
    /** 10 seconds, 32 KiB, 5 seconds. */
    public static final SocketSettings DEFAULTS =
        new SocketSettings(Duration.ofSeconds(10), 32 * 1024, Duration.ofSeconds(5));
  }

  /**
   * Takes what sockets need.
   *
   * @param writers writes what there is credit for
   * @param waiters wait for credit and close sockets, which may last some seconds: give virtual
   *     threads
   * @param secrets unguessable numbers
   */
  public Sockets(
      Links links,
      ProtocolRegistry protocols,
      Executor writers,
      Executor waiters,
      LongSupplier secrets,
      SocketSettings settings) {
    this.links = links;
    this.protocols = protocols;
    this.writers = writers;
    this.waiters = waiters;
    this.secrets = secrets;
    this.settings = settings;
  }

  /**
   * A handshake succeeded: makes a link and hangs it on the session; null: the socket is being
   * closed again. Nothing is thrown: the container closes no socket whose opening has failed.
   *
   * @param path as the protocols declare it
   */
  @Nullable SocketLink opened(Session session, String path) {
    return opened(
        session,
        () ->
            begin(
                session,
                protocols.named(path, session.getNegotiatedSubprotocol()),
                peer(session, path),
                session.getUserPrincipal()));
  }

  /**
   * The same for what makes the link by itself; null if that gives none.
   *
   * @param opening what makes it, and throws what is a defect
   */
  @Nullable SocketLink opened(Session session, Supplier<@Nullable SocketLink> opening) {
    SocketLink link = null;
    try {
      link = opening.get();
      if (link != null) {
        link.on(session);
        if (!session.isOpen()) {
          // It may have been closed before there was anybody to tell.
          link.gone();
        }
      }
      return link;
    } catch (RuntimeException | Error surprise) {
      if (link != null) {
        link.gone();
      }
      failed(session, surprise);
      return null;
    }
  }

  /** Closes a socket that could not be opened; its peer may try again. */
  private void failed(Session session, Throwable surprise) {
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

  /**
   * Makes a link of its own.
   *
   * @param peer what the request said
   * @param principal of the request, if it has one
   * @return null: the socket is being closed again
   */
  @Nullable SocketLink begin(
      Session session, Protocol protocol, Peer peer, @Nullable Principal principal) {
    Codec codec = protocol.open(peer);
    SocketSink sink = sink(session, protocol, codec);
    Identity who = links.admit(protocol, principal);
    if (who == null) {
      CloseCode code = CloseCode.UNAUTHENTICATED;
      close(sink, code, protocol.encoder().farewell(code, "no credential", null));
      return null;
    }
    try {
      return new SocketLink(links.open(protocol, codec, who, sink, writers), sink);
    } catch (RefusedException refused) {
      close(sink, CloseCode.OVERLOAD, links.refusal(protocol, refused));
      return null;
    }
  }

  /** Runs a short task after a while, on a thread of its own; never, if the instance ends first. */
  void after(Duration time, Runnable task) {
    waiters.execute(
        () -> {
          try {
            Thread.sleep(time);
            task.run();
          } catch (InterruptedException ends) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** What writes to a socket that was just opened, and is bounded from now on. */
  SocketSink sink(Session session, Protocol protocol, Codec codec) {
    session.setMaxIdleTimeout(0);
    session.setMaxTextMessageBufferSize(protocol.maxMessage());
    session.setMaxBinaryMessageBufferSize(protocol.maxMessage());
    FrameMeter meter =
        new FrameMeter(protocol.maxMessage(), SocketLink.MAX_FRAMES, () -> pinged(session));
    MessageBound.on(session, meter);
    Credit credit = new Credit(settings.window, secrets);
    Carrier carrier = Links.carrier("websocket", session.getUserPrincipal());
    return new SocketSink(session, codec, credit, settings, waiters, carrier);
  }

  private void pinged(Session session) {
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      links.pinged(link.link());
    }
  }

  /** Closes a socket that no connection was opened on; nobody waits for that. */
  private static void close(SocketSink sink, CloseCode code, Farewell farewell) {
    Runnable closed = () -> {};
    if (farewell.last().isEmpty()) {
      sink.close(code, farewell, closed);
    } else {
      sink.write(farewell.last(), ok -> sink.close(code, farewell, closed));
    }
  }

  private static Peer peer(Session session, String path) {
    if (path.equals(Protocol.SOCKET)) {
      return PLAIN;
    }
    return new Peer(path, session.getPathParameters(), session.getRequestParameterMap());
  }
}
