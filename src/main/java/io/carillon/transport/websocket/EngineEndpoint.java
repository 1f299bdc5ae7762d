package io.carillon.transport.websocket;

import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import io.carillon.transport.duplex.DuplexLink;
import io.carillon.transport.duplex.MovableLink;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One socket of Engine.IO: with a link of its own from the beginning, or at first only to try the
 * way. On the latter the peer sends a probe, which is answered, and then the word to move the link
 * here. Whatever else it says, or if it says nothing for ten seconds, closes the socket and leaves
 * the link where it is; so does a link that has moved already. Messages come in one at a time.
 */
final class EngineEndpoint extends Endpoint {
  private static final System.Logger LOG = System.getLogger(EngineEndpoint.class.getName());

  /** How long a peer may try, in milliseconds. */
  private static final long TRIAL = 10_000;

  /**
   * How long after the answer to a probe a GET may still wait: what the server has to say meanwhile
   * goes out with it, and a client that has just connected is not told an empty packet in between.
   */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final String PROBE = "2probe";
  private static final Message.Text PROBED = new Message.Text("3probe");
  private static final String UPGRADE = "5";

  private final Sockets sockets;
  private final Protocol protocol;
  private final Peer peer;
  private final @Nullable Principal principal;
  private final @Nullable MovableLink moving;
  private @Nullable SocketSink sink;
  private volatile boolean probed;
  private volatile boolean closed;

  EngineEndpoint(
      Sockets sockets,
      Protocol protocol,
      Peer peer,
      @Nullable Principal principal,
      @Nullable MovableLink moving) {
    this.sockets = sockets;
    this.protocol = protocol;
    this.peer = peer;
    this.principal = principal;
    this.moving = moving;
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    MovableLink link = moving;
    if (link == null) {
      var unused = sockets.opened(session, () -> sockets.begin(session, protocol, peer, principal));
    } else if (link.movable()) {
      sink = sockets.sink(session, protocol, link.codec());
      session.setMaxIdleTimeout(TRIAL);
    } else {
      close(session);
      return;
    }
    session.addMessageHandler(String.class, text -> message(session, new Message.Text(text)));
    session.addMessageHandler(byte[].class, bytes -> message(session, new Message.Bytes(bytes)));
    session.addMessageHandler(PongMessage.class, pong -> pong(session, pong));
  }

  private void message(Session session, Message message) {
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      link.message(message);
    } else if (moving != null && sink != null) {
      probe(session, moving, sink, message instanceof Message.Text text ? text.text() : "");
    }
  }

  private void probe(Session session, MovableLink link, SocketSink here, String said) {
    if (said.equals(PROBE) && !probed) {
      here.write(
          List.of(PROBED),
          ok -> {
            probed = ok;
            if (ok) {
              sockets.after(PAUSE, () -> letGo(link));
            }
          });
    } else if (said.equals(UPGRADE) && probed) {
      session.setMaxIdleTimeout(0);
      DuplexLink moved = link.moveTo(here);
      if (moved == null) {
        close(session);
      } else {
        var unused = sockets.opened(session, () -> new SocketLink(moved, here));
      }
    } else {
      close(session);
    }
  }

  /** Lets no GET wait any more, unless the peer has thought better of it. */
  private void letGo(MovableLink link) {
    if (!closed) {
      link.moving(true);
      if (closed) {
        link.moving(false);
      }
    }
  }

  private static void pong(Session session, PongMessage pong) {
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      link.pong(pong);
    }
  }

  private static void close(Session session) {
    try {
      session.close();
    } catch (IOException | IllegalStateException gone) {
      LOG.log(Level.DEBUG, "a socket could not be closed", gone);
    }
  }

  @Override
  public void onClose(Session session, CloseReason reason) {
    closed = true;
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      link.gone();
    } else if (moving != null && probed) {
      moving.moving(false);
    }
  }

  @Override
  public void onError(Session session, Throwable error) {
    SocketLink link = SocketLink.of(session);
    if (link != null) {
      link.broken(error);
    }
  }
}
