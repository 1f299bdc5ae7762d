package io.carillon.transport.websocket;

import io.carillon.core.CloseCode;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameSink;
import io.carillon.protocol.Protocol;
import jakarta.websocket.CloseReason;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Writes to one socket, asynchronously and with a send timeout, so that a peer that does not read
 * holds no thread. The connection gives one write at a time and never closes during one.
 */
final class SocketSink implements FrameSink {
  private static final System.Logger LOG = System.getLogger(SocketSink.class.getName());

  private final Session session;
  private final RemoteEndpoint.Async remote;
  private final Protocol protocol;
  private final Executor closer;

  SocketSink(Session session, Protocol protocol, Duration sendTimeout, Executor closer) {
    this.session = session;
    this.remote = session.getAsyncRemote();
    this.remote.setSendTimeout(sendTimeout.toMillis());
    this.protocol = protocol;
    this.closer = closer;
  }

  @Override
  public void write(List<Frame> frames, Written done) {
    List<String> messages = protocol.join(frames);
    send(messages, 0, done);
  }

  private void send(List<String> messages, int at, Written done) {
    try {
      remote.sendText(
          messages.get(at),
          result -> {
            if (!result.isOK()) {
              LOG.log(Level.DEBUG, "a write failed", result.getException());
              done.ended(false);
            } else if (at + 1 < messages.size()) {
              send(messages, at + 1, done);
            } else {
              done.ended(true);
            }
          });
    } catch (IllegalStateException | IllegalArgumentException closed) {
      LOG.log(Level.DEBUG, "a write could not begin", closed);
      done.ended(false);
    }
  }

  @Override
  public void close(CloseCode code, String reason) {
    closer.execute(() -> closeNow(code, reason));
  }

  private void closeNow(CloseCode code, String reason) {
    try {
      session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code.code()), reason));
    } catch (IOException | IllegalStateException gone) {
      LOG.log(Level.DEBUG, "a socket could not be closed", gone);
    }
  }
}
