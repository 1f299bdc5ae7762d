package io.carillon.core.connection;

import io.carillon.core.CloseCode;
import io.carillon.core.Delivery;
import io.carillon.core.Identity;
import io.carillon.core.Reply;
import io.carillon.core.connection.Outbox.Offer;
import io.carillon.core.connection.Outbox.Share;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One live link of one client. All methods are thread-safe and none blocks: frames wait in a
 * bounded outbox and are written by the transport's drainer.
 *
 * <p>Ends once: by {@link #close} (what is queued is still written, then the carrier is closed) or
 * by {@link #gone} (the carrier vanished or broke).
 */
public final class Connection {
  /** How many publishes of one connection may wait for their commit. */
  public static final int MAX_IN_FLIGHT = 1024;

  private final String id;
  private final FrameEncoder encoder;
  private final FrameSink sink;
  private final Outbox outbox;
  private final Drain drain;
  private final Pulse pulse;
  private final Mailbox mailbox;
  private final BiConsumer<Connection, CloseCode> ended;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicReference<@Nullable Ending> ending = new AtomicReference<>();
  private final AtomicReference<@Nullable CloseCode> over = new AtomicReference<>();
  private volatile Identity identity;

  private record Ending(CloseCode code, String reason) {}

  /**
   * Makes an open connection; only {@link Connections} does.
   *
   * @param ended told once when the connection is over
   */
  Connection(
      String id,
      Identity identity,
      FrameEncoder encoder,
      FrameSink sink,
      Executor drainer,
      Pulse pulse,
      Mailbox mailbox,
      int outboxBytes,
      int batchBytes,
      BiConsumer<Connection, CloseCode> ended,
      IntConsumer written) {
    this.id = id;
    this.identity = identity;
    this.encoder = encoder;
    this.sink = sink;
    this.pulse = pulse;
    this.mailbox = mailbox;
    this.ended = ended;
    this.outbox = new Outbox(outboxBytes);
    this.drain =
        new Drain(outbox, sink, drainer, batchBytes, this::endIfDrained, this::broken, written);
  }

  /** The connection's name: unguessable, unique among all instances. */
  public String id() {
    return id;
  }

  /** Whose connection it is, with the rights of its latest token. */
  public Identity identity() {
    return identity;
  }

  /** Takes the identity of a fresh token; the caller has checked that the user is the same. */
  public void renew(Identity fresh) {
    identity = fresh;
    pulse.renewed();
  }

  /** Runs this connection's commands in order. */
  public Mailbox mailbox() {
    return mailbox;
  }

  /** Whether the connection has ended or is about to. */
  public boolean closing() {
    return ending.get() != null || over.get() != null;
  }

  /** Queues a delivery; false: the outbox is full or closed, and nothing was queued. */
  public boolean deliver(Delivery delivery) {
    return offer(encoder.encode(delivery), share(delivery));
  }

  /** Queues a delivery that other connections get too; false as in {@link #deliver(Delivery)}. */
  public boolean deliver(Shared shared) {
    return offer(shared.frame(encoder), share(shared.delivery()));
  }

  /** Queues an answer. A peer that asks on but does not read its answers is closed. */
  public void reply(Reply reply) {
    if (!offer(encoder.encode(reply), Share.DOUBLE)) {
      close(CloseCode.OVERLOAD, "answers not read");
    }
  }

  private static Share share(Delivery delivery) {
    return switch (delivery) {
      case Delivery.SignalDelivery s -> Share.HALF;
      case Delivery.Ping p -> Share.HALF;
      case Delivery.EventDelivery e -> Share.WHOLE;
      case Delivery.MembersDelivery m -> Share.WHOLE;
      case Delivery.PresenceDelivery p -> Share.WHOLE;
      case Delivery.Welcome w -> Share.DOUBLE;
      case Delivery.StreamJoined j -> Share.DOUBLE;
      case Delivery.ResyncDelivery r -> Share.DOUBLE;
      case Delivery.Expiring e -> Share.DOUBLE;
      case Delivery.Goodbye g -> Share.DOUBLE;
    };
  }

  private boolean offer(Frame frame, Share share) {
    Offer offer = outbox.offer(frame, share);
    if (offer == Offer.WAKE) {
      drain.wake();
    }
    return offer != Offer.REFUSED;
  }

  /**
   * Runs {@code task} once, when the outbox has drained to a quarter of its bound: at once if it
   * has, else on a drainer's thread; never if the connection ends first. The task must be short.
   */
  public void whenDrained(Runnable task) {
    if (outbox.drainedOrAwait(task)) {
      task.run();
    }
  }

  /** Counts a publish that begins to wait; false: too many wait already. */
  public boolean beginPublish() {
    if (inFlight.incrementAndGet() > MAX_IN_FLIGHT) {
      inFlight.decrementAndGet();
      return false;
    }
    return true;
  }

  /** A publish that {@link #beginPublish} counted was answered. */
  public void endPublish() {
    inFlight.decrementAndGet();
  }

  /** How many bytes wait to be written. */
  public int waiting() {
    return outbox.bytes();
  }

  /** A sign of life from the peer: call for every frame that comes in. */
  public void received() {
    pulse.received();
  }

  void tick() {
    pulse.tick(this);
  }

  /** Ends the connection: what is queued is still written, then the carrier is closed. */
  public void close(CloseCode code, String reason) {
    if (over.get() == null && ending.compareAndSet(null, new Ending(code, reason))) {
      outbox.close();
      endIfDrained();
    }
  }

  /** The carrier vanished. Idempotent. */
  public void gone() {
    end(CloseCode.GOING_AWAY);
    outbox.clear();
  }

  private void endIfDrained() {
    Ending how = ending.get();
    if (how != null && outbox.idle() && end(how.code)) {
      sink.close(how.code, how.reason);
    }
  }

  private void broken() {
    outbox.clear();
    if (end(CloseCode.OVERLOAD)) {
      sink.close(CloseCode.OVERLOAD, "not read in time");
    }
  }

  /** The first end wins and is told to whoever made the connection. */
  private boolean end(CloseCode code) {
    if (!over.compareAndSet(null, code)) {
      return false;
    }
    ended.accept(this, code);
    return true;
  }
}
