package io.carillon.transport.websocket;

import io.carillon.protocol.Message;
import io.carillon.transport.duplex.DuplexLink;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Adapter from the container's callbacks of one socket to its link and its sink. */
final class SocketLink {
  /** Maximum number of frames of a message; each takes some hundred bytes, also an empty one. */
  static final int MAX_FRAMES = 4096;

  private static final System.Logger LOG = System.getLogger(SocketLink.class.getName());

  private static final String KEY = SocketLink.class.getName();

  private final DuplexLink link;
  private final SocketSink sink;

  SocketLink(DuplexLink link, SocketSink sink) {
    this.link = link;
    this.sink = sink;
  }

  /** Link of a session; null: the session is being closed. */
  static @Nullable SocketLink of(Session session) {
    return session.getUserProperties().get(KEY) instanceof SocketLink link ? link : null;
  }

  /** Attaches the link to its session. */
  void on(Session session) {
    session.getUserProperties().put(KEY, this);
  }

  /** Takes a message; called by one thread at a time, in the order of the messages. */
  void message(Message message) {
    link.receive(message);
  }

  /**
   * Takes a pong. An answer to a ping of the sink tells what was read, but comes from the peer's
   * network stack, also for a page that is suspended, so it is no sign of life; any other pong is.
   */
  void pong(PongMessage message) {
    if (!sink.pong(message)) {
      link.connection().received();
    }
  }

  /** The link. */
  DuplexLink link() {
    return link;
  }

  /** Ends the link of a closed socket. */
  void gone() {
    link.gone();
    sink.gone();
  }

  /** Notes an error that the container reports; it closes the socket if need be. */
  void broken(Throwable error) {
    LOG.log(Level.DEBUG, "a socket broke", error);
  }
}
