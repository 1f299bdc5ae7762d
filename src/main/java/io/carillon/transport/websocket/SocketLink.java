package io.carillon.transport.websocket;

import io.carillon.protocol.Message;
import io.carillon.transport.duplex.DuplexLink;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** Adapter from the container's callbacks of one socket to its link and its sink. */
final class SocketLink {
  /** Most frames of one message. Each costs the container some hundred bytes, an empty one too. */
  static final int MAX_FRAMES = 4096;

  private static final System.Logger LOG = System.getLogger(SocketLink.class.getName());

  private static final String KEY = SocketLink.class.getName();

  private final DuplexLink link;
  private final SocketSink sink;

  SocketLink(DuplexLink link, SocketSink sink) {
    this.link = link;
    this.sink = sink;
  }

  /** What hangs on a session; null: it is being closed again. */
  static @Nullable SocketLink of(Session session) {
    return session.getUserProperties().get(KEY) instanceof SocketLink link ? link : null;
  }

  /** Hangs it on the session. */
  void on(Session session) {
    session.getUserProperties().put(KEY, this);
  }

  /** Takes a message; called by one thread at a time, in the order of the messages. */
  void message(Message message) {
    link.receive(message);
  }

  /**
   * The answer to a ping of the sink says what was read, and comes from the peer's network stack: a
   * browser sends it for a page that sleeps. So it is no sign of life; any other pong is.
   */
  void pong(PongMessage message) {
    if (!sink.pong(message)) {
      link.connection().received();
    }
  }

  /** The socket is closed. */
  void gone() {
    link.gone();
    sink.gone();
  }

  /** The container reports an error; what it means for the socket it tells by closing it. */
  void broken(Throwable error) {
    LOG.log(Level.DEBUG, "a socket broke", error);
  }
}
