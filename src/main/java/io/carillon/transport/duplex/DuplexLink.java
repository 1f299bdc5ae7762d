package io.carillon.transport.duplex;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.Delivery;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Reply;
import io.carillon.core.connection.CommandSource;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.Inbound;
import io.carillon.core.connection.Mailbox;
import io.carillon.core.connection.PublishBudget;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.LinkControl;
import io.carillon.protocol.Message;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two-way link of one connection. Received messages wait in a mailbox that is bounded in bytes and
 * in messages. At the bound in bytes the carrier's read blocks, which is back pressure on the peer;
 * the number of blocked reads is bounded for all links together.
 *
 * <p>Thread-safe, but {@link #receive} is for one thread at a time, in the order of the messages.
 */
public final class DuplexLink implements CommandSource, Inbound, LinkControl {
  /** Overhead of a waiting message in bytes, beside its content. */
  private static final int MESSAGE_COST = 256;

  private static final long PATIENCE_SECONDS = 5;
  private static final System.Logger LOG = System.getLogger(DuplexLink.class.getName());

  private final Links links;
  private final Connection connection;
  private final Codec codec;
  private final int maxMessage;
  private final Mailbox mailbox;
  private final PublishBudget publishes = new PublishBudget();
  private final Semaphore room;

  /** Creates a link; for {@link Links} only. */
  DuplexLink(Links links, Connection connection, Codec codec, int maxMessage) {
    this.links = links;
    this.connection = connection;
    this.codec = codec;
    this.maxMessage = maxMessage;
    this.mailbox = new Mailbox(links.executor(), links.limits().messages());
    this.room = new Semaphore(links.limits().inboundBytes());
  }

  /** Queues the protocol's opening messages; to be called before anything is read. */
  void open(Delivery.Welcome welcome) {
    codec.linked(this);
    Iterator<Decoded> parts = codec.opened(welcome).iterator();
    connection.comesIn(this);
    if (!mailbox.begin(() -> begin(parts, new Permits(room, 0)))) {
      connection.close(CloseCode.OVERLOAD, "too many messages");
    }
  }

  /**
   * Receives a message: decodes it now or queues it. Blocks for up to 5 s while too many bytes wait
   * in the mailbox; then, and if too many messages wait, the connection is closed with {@code
   * overload}.
   */
  public void receive(Message message) {
    connection.received();
    if (connection.closing()) {
      return;
    }
    if (tooLarge(message)) {
      connection.close(CloseCode.TOO_BIG, "message too large");
      return;
    }
    int cost = Math.min(links.limits().inboundBytes(), length(message) + MESSAGE_COST);
    if (!room.tryAcquire(cost) && !waitForRoom(cost)) {
      connection.close(CloseCode.OVERLOAD, "too many messages");
      return;
    }
    if (!mailbox.begin(() -> decode(message, new Permits(room, cost)))) {
      connection.close(CloseCode.OVERLOAD, "too many messages");
    }
  }

  /** Length of a message: characters of a text, else bytes. */
  private static int length(Message message) {
    return switch (message) {
      case Message.Text text -> text.text().length();
      case Message.Bytes bytes -> bytes.size();
    };
  }

  /**
   * Whether a message exceeds the protocol's maximum. The UTF-8 bytes of a text are counted only if
   * three bytes a character could exceed it.
   */
  private boolean tooLarge(Message message) {
    int least =
        switch (message) {
          case Message.Text text -> maxMessage / 3;
          case Message.Bytes bytes -> maxMessage;
        };
    return length(message) > least && message.size() > maxMessage;
  }

  private boolean waitForRoom(int cost) {
    if (!links.waitingReaders().tryAcquire()) {
      return false;
    }
    try {
      return room.tryAcquire(cost, PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      links.waitingReaders().release();
    }
  }

  private @Nullable Runnable decode(Message message, Permits cost) {
    Iterator<Decoded> parts;
    try {
      parts = parts(message).iterator();
    } catch (RuntimeException | StackOverflowError | LinkageError defect) {
      failed(defect);
      cost.release();
      return null;
    }
    return begin(parts, cost);
  }

  private List<Decoded> parts(Message message) {
    try {
      return codec.decode(message);
    } catch (RefusedException refused) {
      return List.of(new Decoded.Invalid(new Reply.Refused(null, refused.rejection())));
    }
  }

  /** Does the parts that cannot block, in order; returns the rest as a task, null: none is left. */
  private @Nullable Runnable begin(Iterator<Decoded> parts, Permits cost) {
    try {
      while (parts.hasNext() && !connection.closing()) {
        Decoded next = parts.next();
        if (!doneAtOnce(next, cost)) {
          return () -> work(next, parts, cost);
        }
      }
    } catch (RuntimeException | StackOverflowError | LinkageError defect) {
      failed(defect);
    }
    cost.release();
    return null;
  }

  private boolean doneAtOnce(Decoded part, Permits cost) {
    return switch (part) {
      case Decoded.Asked asked -> links.commands().tryExecute(this, asked.command());
      case Decoded.Invalid invalid -> false;
      case Decoded.Identified identified -> false;
      case Decoded.Later later -> false;
      case Decoded.Elsewhere elsewhere -> {
        links.commands().handOver(connection, () -> elsewhere.begun().accept(cost.handOver()));
        yield true;
      }
      case Decoded.Said said -> {
        connection.answer(said.frame());
        yield true;
      }
      case Decoded.Disconnect end -> {
        connection.close(end.code(), end.reason());
        yield true;
      }
    };
  }

  private void work(Decoded first, Iterator<Decoded> rest, Permits cost) {
    try {
      Decoded next = first;
      while (next != null && !connection.closing()) {
        work(next, cost);
        next = rest.hasNext() ? rest.next() : null;
      }
    } catch (RuntimeException | StackOverflowError | LinkageError defect) {
      failed(defect);
    } finally {
      cost.release();
    }
  }

  private void work(Decoded part, Permits cost) {
    switch (part) {
      case Decoded.Asked asked -> links.commands().execute(this, asked.command());
      case Decoded.Invalid invalid -> answer(invalid.reply(), null);
      case Decoded.Identified identified ->
          links.commands().identify(connection, identified.identity());
      case Decoded.Later later -> {
        for (Decoded each : later.parts().get()) {
          if (!connection.closing()) {
            work(each, cost);
          }
        }
      }
      case Decoded.Elsewhere elsewhere ->
          links.commands().handOver(connection, () -> elsewhere.begun().accept(cost.handOver()));
      case Decoded.Said said -> connection.answer(said.frame());
      case Decoded.Disconnect end -> connection.close(end.code(), end.reason());
    }
  }

  @Override
  public boolean act(List<Decoded> parts) {
    if (connection.closing()) {
      return false;
    }
    Iterator<Decoded> all = parts.iterator();
    boolean taken = mailbox.begin(() -> begin(all, new Permits(room, 0)));
    if (!taken) {
      // Something would be missing on a link that goes on as if nothing were.
      connection.close(CloseCode.OVERLOAD, "too many messages");
    }
    return taken;
  }

  @Override
  public boolean roomy() {
    return connection.roomy();
  }

  @Override
  public Identity identity() {
    return connection.identity();
  }

  /** Closes the connection after a defect; the only handler of unforeseen exceptions of links. */
  private void failed(Throwable defect) {
    LOG.log(Level.ERROR, "a message could not be worked on; its connection is closed", defect);
    connection.close(CloseCode.MOVED, "internal");
  }

  @Override
  public Connection connection() {
    return connection;
  }

  @Override
  public PublishBudget publishes() {
    return publishes;
  }

  @Override
  public void reply(Command command, Reply reply) {
    answer(reply, command);
  }

  private void answer(Reply reply, @Nullable Command command) {
    try {
      Decoded.Disconnect end = codec.ends(reply, command);
      if (end != null) {
        connection.close(end.code(), end.reason());
        return;
      }
      Frame frame = codec.encode(reply, command);
      if (frame != null) {
        connection.answer(frame);
      }
    } catch (RuntimeException defect) {
      connection.failed(defect);
    }
  }

  @Override
  public boolean settle(Duration patience, Runnable task) {
    return mailbox.offer(
        () -> {
          publishes.awaitAll(patience);
          task.run();
        });
  }

  /** Ends the link after the loss of its carrier, without a farewell. Idempotent. */
  public void gone() {
    connection.gone();
  }
}
