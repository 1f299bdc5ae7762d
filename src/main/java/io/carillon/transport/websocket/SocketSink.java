package io.carillon.transport.websocket;

import io.carillon.core.CloseCode;
import io.carillon.core.connection.Carrier;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameSink;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Message;
import jakarta.websocket.CloseReason;
import jakarta.websocket.PongMessage;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Outbound side of one socket. The container's blocking write costs half of its asynchronous one,
 * but may block for ever if the peer does not read; so nothing is written without {@link Credit}. A
 * write without credit waits for it on a virtual thread; after too long a wait the socket is
 * broken. A message larger than the credit goes out in parts.
 */
final class SocketSink implements FrameSink {
  private static final System.Logger LOG = System.getLogger(SocketSink.class.getName());
  private static final byte[] NONE = new byte[0];

  private final Session session;
  private final RemoteEndpoint.Basic remote;
  private final Codec codec;
  private final Credit credit;
  private final Sockets.SocketSettings settings;
  private final Executor waiters;
  private final Carrier carrier;
  private final Closing closing = new Closing();

  /**
   * Creates a sink with the whole credit.
   *
   * @param settings how long the peer may read nothing while a write waits for credit, and how long
   *     it may leave a close unanswered
   * @param waiters run waiting writes and the close, which block: give virtual threads
   * @param carrier what an operator sees of it
   */
  SocketSink(
      Session session,
      Codec codec,
      Credit credit,
      Sockets.SocketSettings settings,
      Executor waiters,
      Carrier carrier) {
    this.session = session;
    this.remote = session.getBasicRemote();
    this.codec = codec;
    this.credit = credit;
    this.settings = settings;
    this.waiters = waiters;
    this.carrier = carrier;
  }

  @Override
  public Carrier carrier() {
    return carrier;
  }

  @Override
  public void write(List<Frame> frames, Written done) {
    List<Message> messages = codec.join(frames);
    if (messages.isEmpty()) {
      done.ended(true);
      return;
    }
    Message first = messages.getFirst();
    int size = first.size();
    if (messages.size() > 1 || size > credit.largest()) {
      waiters.execute(() -> done.ended(sendInParts(messages)));
    } else if (credit.spend(size)) {
      done.ended(send(first));
    } else {
      waiters.execute(() -> done.ended(sendPatiently(first, size)));
    }
  }

  private boolean sendPatiently(Message message, int size) {
    try {
      return credit.await(size, settings.patience()) && send(message);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean sendInParts(List<Message> messages) {
    try {
      for (Message message : messages) {
        boolean sent =
            switch (message) {
              case Message.Text text -> sendInParts(text.text());
              case Message.Bytes bytes -> sendInParts(bytes.bytes());
            };
        if (!sent) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean sendInParts(String text) throws InterruptedException {
    int from = 0;
    do {
      int to = MessageParts.end(text, from, credit.largest());
      String part = text.substring(from, to);
      boolean last = to == text.length();
      if (!credit.await(MessageParts.size(part), settings.patience())
          || !send(part, NONE, 0, 0, last)) {
        return false;
      }
      from = to;
    } while (from < text.length());
    return true;
  }

  private boolean sendInParts(byte[] bytes) throws InterruptedException {
    int from = 0;
    do {
      int size = Math.min(bytes.length - from, credit.largest());
      boolean last = from + size == bytes.length;
      if (!credit.await(size, settings.patience()) || !send(null, bytes, from, size, last)) {
        return false;
      }
      from += size;
    } while (from < bytes.length);
    return true;
  }

  private boolean send(Message message) {
    return switch (message) {
      case Message.Text text -> send(text.text(), NONE, 0, 0, true);
      case Message.Bytes bytes -> send(null, bytes.bytes(), 0, bytes.size(), true);
    };
  }

  /** Writes a text, or bytes if it is null, for which the credit was taken. */
  private boolean send(@Nullable String text, byte[] bytes, int from, int size, boolean last) {
    if (!closing.beginWrite()) {
      return false;
    }
    try {
      if (text != null) {
        remote.sendText(text, last);
      } else {
        remote.sendBinary(ByteBuffer.wrap(bytes, from, size).slice(), last);
      }
      OptionalLong due = credit.due();
      if (due.isPresent()) {
        remote.sendPing(ByteBuffer.allocate(Long.BYTES).putLong(0, due.getAsLong()));
      }
      return true;
    } catch (IOException | RuntimeException broken) {
      // Also whatever the container throws when its own close comes between: it is a broken socket.
      LOG.log(Level.DEBUG, "a write failed", broken);
      return false;
    } finally {
      closing.endWrite();
    }
  }

  /** Takes a pong; false: it answers no ping of this sink. */
  boolean pong(PongMessage message) {
    ByteBuffer content = message.getApplicationData();
    return content.remaining() == Long.BYTES && credit.pong(content.getLong(content.position()));
  }

  /** Releases waiting writes, for the peer is gone. */
  void gone() {
    credit.end();
  }

  @Override
  public void hurry() {
    credit.hurry();
  }

  @Override
  public void close(CloseCode code, Farewell farewell, Runnable closed) {
    closing.begin(() -> waiters.execute(() -> closeNow(farewell, closed)));
  }

  private void closeNow(Farewell farewell, Runnable closed) {
    try {
      session.close(
          new CloseReason(CloseReason.CloseCodes.getCloseCode(farewell.code()), farewell.reason()));
    } catch (IOException | IllegalStateException gone) {
      LOG.log(Level.DEBUG, "a socket could not be closed", gone);
    } finally {
      closed.run();
    }
    endUnanswered();
  }

  /** Ends the connection of a peer that has not answered the close in time. */
  private void endUnanswered() {
    try {
      Thread.sleep(settings.unanswered());
      ContainerLink.of(session).end();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (ReflectiveOperationException | RuntimeException unknown) {
      LOG.log(Level.DEBUG, "a socket whose close was not answered is left to itself", unknown);
    }
  }
}
