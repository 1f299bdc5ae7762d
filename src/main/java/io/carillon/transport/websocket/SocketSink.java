package io.carillon.transport.websocket;

import io.carillon.core.CloseCode;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameSink;
import io.carillon.protocol.Protocol;
import jakarta.websocket.CloseReason;
import jakarta.websocket.PongMessage;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Executor;

/**
 * Writes to one socket. The container's blocking write is half as dear as its asynchronous one, but
 * to a peer that does not read it has no bound; so nothing is written without {@link Credit}. Who
 * has none waits for it on a virtual thread, and is broken if it gets none for too long. A message
 * larger than the credit goes out in parts.
 */
final class SocketSink implements FrameSink {
  private static final System.Logger LOG = System.getLogger(SocketSink.class.getName());

  private final Session session;
  private final RemoteEndpoint.Basic remote;
  private final Protocol protocol;
  private final Credit credit;
  private final Duration patience;
  private final Executor waiters;
  private final Closing closing = new Closing();

  /**
   * Begins with the whole credit.
   *
   * @param patience how long the peer may read nothing while something waits for it
   * @param waiters run what waits: give virtual threads
   */
  SocketSink(
      Session session, Protocol protocol, Credit credit, Duration patience, Executor waiters) {
    this.session = session;
    this.remote = session.getBasicRemote();
    this.protocol = protocol;
    this.credit = credit;
    this.patience = patience;
    this.waiters = waiters;
  }

  @Override
  public void write(List<Frame> frames, Written done) {
    int size = size(frames);
    List<String> messages = protocol.join(frames);
    String first = messages.getFirst();
    if (messages.size() > 1 || size > credit.largest()) {
      waiters.execute(() -> done.ended(sendInParts(messages)));
    } else if (credit.spend(size)) {
      done.ended(send(first, true));
    } else {
      waiters.execute(() -> done.ended(sendPatiently(first, size)));
    }
  }

  /** What they take when they are joined, at the most. */
  private static int size(List<Frame> frames) {
    int size = 2;
    for (Frame frame : frames) {
      size += frame.size() + 1;
    }
    return size;
  }

  private boolean sendPatiently(String message, int size) {
    try {
      return credit.await(size, patience) && send(message, true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private boolean sendInParts(List<String> messages) {
    try {
      for (String message : messages) {
        int from = 0;
        while (from < message.length()) {
          int to = Parts.end(message, from, credit.largest());
          String part = message.substring(from, to);
          if (!credit.await(Parts.size(part), patience) || !send(part, to == message.length())) {
            return false;
          }
          from = to;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Writes what there is credit for. */
  private boolean send(String part, boolean last) {
    if (!closing.beginWrite()) {
      return false;
    }
    try {
      remote.sendText(part, last);
      OptionalLong due = credit.due();
      if (due.isPresent()) {
        remote.sendPing(ByteBuffer.allocate(Long.BYTES).putLong(0, due.getAsLong()));
      }
      return true;
    } catch (IOException | IllegalStateException | IllegalArgumentException broken) {
      LOG.log(Level.DEBUG, "a write failed", broken);
      return false;
    } finally {
      closing.endWrite();
    }
  }

  /** A pong came in; false: it answers no ping of this sink. */
  boolean pong(PongMessage message) {
    ByteBuffer content = message.getApplicationData();
    return content.remaining() == Long.BYTES && credit.pong(content.getLong(content.position()));
  }

  /** The peer is gone. */
  void gone() {
    credit.end();
  }

  @Override
  public void hurry() {
    credit.hurry();
  }

  @Override
  public void close(CloseCode code, String reason) {
    closing.begin(() -> waiters.execute(() -> closeNow(code, reason)));
  }

  private void closeNow(CloseCode code, String reason) {
    try {
      session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code.code()), reason));
    } catch (IOException | IllegalStateException gone) {
      LOG.log(Level.DEBUG, "a socket could not be closed", gone);
    }
  }
}
