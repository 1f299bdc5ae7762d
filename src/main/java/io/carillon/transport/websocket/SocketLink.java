package io.carillon.transport.websocket;

import io.carillon.core.CloseCode;
import io.carillon.core.connection.Connection;
import io.carillon.core.json.JsonText;
import io.carillon.core.room.Commands;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.Protocol.Decoded;
import jakarta.websocket.PongMessage;
import java.lang.System.Logger.Level;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What comes in on one socket. Messages wait in the connection's mailbox, bounded in bytes; when
 * the bound is reached the reading of this socket waits, which its peer feels as back pressure. The
 * number of reads that wait so is bounded for all sockets together.
 */
final class SocketLink {
  /**
   * Largest message in bytes. The container refuses a larger frame as soon as it is announced;
   * {@link MessageBound} counts those that make a message together, and the whole is measured
   * again. (To receive in parts would be worse: the container then takes a character that is cut by
   * a frame's end for bad UTF-8.)
   */
  static final int MAX_MESSAGE = 128 * 1024;

  /** Most frames of one message. Each costs the container some hundred bytes, an empty one too. */
  static final int MAX_FRAMES = 4096;

  /** What a waiting message costs beside its text. */
  private static final int MESSAGE_COST = 256;

  private static final long PATIENCE_SECONDS = 5;
  private static final System.Logger LOG = System.getLogger(SocketLink.class.getName());

  private final Connection connection;
  private final SocketSink sink;
  private final Protocol protocol;
  private final Commands commands;
  private final int inboundBytes;
  private final Semaphore room;
  private final Semaphore waitingReaders;

  SocketLink(
      Connection connection,
      SocketSink sink,
      Protocol protocol,
      Commands commands,
      int inboundBytes,
      Semaphore waitingReaders) {
    this.connection = connection;
    this.sink = sink;
    this.protocol = protocol;
    this.commands = commands;
    this.inboundBytes = inboundBytes;
    this.room = new Semaphore(inboundBytes);
    this.waitingReaders = waitingReaders;
  }

  /** Takes a message; called by one thread at a time, in the order of the messages. */
  void text(String message) {
    connection.received();
    if (connection.closing()) {
      return;
    }
    if (message.length() > MAX_MESSAGE / 3 && JsonText.utf8Length(message) > MAX_MESSAGE) {
      connection.close(CloseCode.TOO_BIG, "message too large");
      return;
    }
    int cost = Math.min(inboundBytes, message.length() + MESSAGE_COST);
    if (!room.tryAcquire(cost) && !waitForRoom(cost)) {
      connection.close(CloseCode.OVERLOAD, "too many messages");
      return;
    }
    if (!connection.mailbox().begin(() -> begin(message, cost))) {
      connection.close(CloseCode.OVERLOAD, "too many messages");
    }
  }

  private boolean waitForRoom(int cost) {
    if (!waitingReaders.tryAcquire()) {
      return false;
    }
    try {
      return room.tryAcquire(cost, PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      waitingReaders.release();
    }
  }

  /** Reads a message and publishes what is to be published at once; the rest may have to wait. */
  private @Nullable Runnable begin(String message, int cost) {
    try {
      Iterator<Decoded> parts = protocol.decode(message).iterator();
      while (parts.hasNext() && !connection.closing()) {
        Decoded next = parts.next();
        boolean done =
            next instanceof Decoded.Asked asked && commands.tryExecute(connection, asked.command());
        if (!done) {
          return () -> work(next, parts, cost);
        }
      }
    } catch (RuntimeException | StackOverflowError defect) {
      failed(defect);
    }
    room.release(cost);
    return null;
  }

  private void work(Decoded first, Iterator<Decoded> rest, int cost) {
    try {
      Decoded next = first;
      while (next != null && !connection.closing()) {
        switch (next) {
          case Decoded.Asked asked -> commands.execute(connection, asked.command());
          case Decoded.Refused refused -> connection.reply(refused.reply());
        }
        next = rest.hasNext() ? rest.next() : null;
      }
    } catch (RuntimeException | StackOverflowError defect) {
      failed(defect);
    } finally {
      room.release(cost);
    }
  }

  /** The one place where exceptions of this transport end. */
  private void failed(Throwable defect) {
    LOG.log(Level.ERROR, "a message could not be worked on; its connection is closed", defect);
    connection.close(CloseCode.MOVED, "internal");
  }

  /** A message that is not text. */
  void notText() {
    connection.received();
    connection.close(CloseCode.PROTOCOL, "text messages only");
  }

  /**
   * The answer to a ping of the sink says what was read, and comes from the peer's network stack: a
   * browser sends it for a page that sleeps. So it is no sign of life; any other pong is.
   */
  void pong(PongMessage message) {
    if (!sink.pong(message)) {
      connection.received();
    }
  }

  /** The socket is closed. */
  void gone() {
    connection.gone();
    sink.gone();
  }

  /** The container reports an error; what it means for the socket it tells by closing it. */
  void broken(Throwable error) {
    LOG.log(Level.DEBUG, "a socket broke", error);
  }
}
