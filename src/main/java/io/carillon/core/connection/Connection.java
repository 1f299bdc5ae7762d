package io.carillon.core.connection;

import io.carillon.core.CloseCode;
import io.carillon.core.Delivery;
import io.carillon.core.Identity;
import io.carillon.core.connection.SendQueue.Offer;
import io.carillon.core.connection.SendQueue.Priority;
import io.carillon.core.limit.Visitor;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One live link of one client, one-way or two-way. All methods are thread-safe; none blocks but
 * {@link #awaitSpace}, which is for the thread that works on the peer's commands. Frames wait in a
 * bounded send queue and are written by the transport's writers.
 *
 * <p>Ends once: by {@link #close} (what is queued is still written, then the carrier is closed) or
 * by {@link #gone} (the carrier vanished or broke). Delivering never ends a connection on the
 * caller's thread, for the caller may hold a room's lock: a connection that an encoder or a writer
 * has failed takes nothing more and is ended by the next {@link #tick}.
 */
public final class Connection {
  private static final System.Logger LOG = System.getLogger(Connection.class.getName());

  private final String id;
  private final FrameEncoder encoder;
  private final FrameSink sink;
  private final SendQueue sendQueue;
  private final SendLoop sendLoop;
  private final RevocationFreshness freshness;
  private final Heartbeat heartbeat;
  private final ConnectionEnd end;
  private volatile Identity identity;
  private volatile @Nullable Inbound inbound;

  /**
   * Makes an open connection; only {@link Connections} does.
   *
   * @param ends told when the connection is over, and when its carrier has closed
   */
  Connection(
      String id,
      Identity identity,
      FrameEncoder encoder,
      FrameSink sink,
      Executor writers,
      Heartbeat heartbeat,
      int queueBytes,
      int batchBytes,
      RevocationFreshness freshness,
      ConnectionEnd.EndListener ends,
      IntConsumer written) {
    this.id = id;
    this.identity = identity;
    this.encoder = encoder;
    this.sink = sink;
    this.heartbeat = heartbeat;
    this.freshness = freshness;
    this.sendQueue = new SendQueue(queueBytes);
    this.end = new ConnectionEnd(this, sendQueue, encoder, sink, ends);
    this.sendLoop =
        new SendLoop(
            sendQueue, sink, writers, batchBytes, end::closeIfWritten, end::broken, written);
  }

  /** The connection's name: unguessable, unique among all instances. */
  public String id() {
    return id;
  }

  /** Whose connection it is, with the rights of its latest token. */
  public Identity identity() {
    return identity;
  }

  /** What an operator sees of it. */
  public ConnectionState state() {
    return new ConnectionState(
        id, identity.user(), encoder.protocol(), sink.carrier(), heartbeat.opened(), waiting());
  }

  /** Its peer, as limits take it. */
  public Visitor visitor() {
    return new Visitor(identity, id, sink.carrier().address());
  }

  /**
   * Takes the identity of a fresh token; the caller has checked that it may have it.
   *
   * @throws io.carillon.core.RefusedException if that user has too many; it stays as it was
   */
  public void renew(Identity fresh) {
    end.identified(fresh);
    identity = fresh;
  }

  /** Says where what comes in is worked on; where nothing does, nobody says so. */
  public void comesIn(Inbound here) {
    inbound = here;
  }

  /** Why the connection has ended or is about to; null: it goes on. */
  public @Nullable CloseCode ending() {
    return end.code();
  }

  /** Whether the connection has ended or is about to. */
  public boolean closing() {
    return end.begun();
  }

  /**
   * Queues a delivery; false: the send queue is full or closed, or it is not sure that the peer
   * still has the right to it, and nothing was queued.
   */
  public boolean deliver(Delivery delivery) {
    try {
      Priority priority = Priority.of(delivery);
      return mayTell(priority) && offer(encoder.encode(delivery), priority);
    } catch (RuntimeException defect) {
      failed(defect);
      return false;
    }
  }

  /** Queues a delivery that other connections get too; false as in {@link #deliver(Delivery)}. */
  public boolean deliver(SharedDelivery sharedDelivery) {
    try {
      Priority priority = Priority.of(sharedDelivery.delivery());
      return mayTell(priority) && offer(sharedDelivery.frame(encoder), priority);
    } catch (RuntimeException defect) {
      failed(defect);
      return false;
    }
  }

  /** Queues an answer. A peer that asks on but does not read its answers is closed. */
  public void answer(Frame frame) {
    if (!offer(frame, Priority.ANSWER)) {
      close(CloseCode.OVERLOAD, "answers not read");
    }
  }

  /** What belongs to a room is told only to who is known to have the right to it still. */
  private boolean mayTell(Priority priority) {
    return !priority.ofRoom() || freshness.current();
  }

  private boolean offer(Frame frame, Priority priority) {
    Offer offer = sendQueue.offer(frame, priority);
    wakeIf(offer);
    return offer != Offer.REFUSED;
  }

  private void wakeIf(Offer offer) {
    if (offer == Offer.WAKE) {
      try {
        sendLoop.wake();
      } catch (RejectedExecutionException late) {
        failed(late);
      }
    }
  }

  /** Nothing more can be told to this peer, because of a defect; the next tick ends it. */
  public void failed(RuntimeException defect) {
    LOG.log(Level.WARNING, "a connection is closed, for it cannot be served", defect);
    end.fail();
  }

  /**
   * Runs {@code task} once, on a thread of the writers, when the send queue has been written down
   * to a quarter of its bound and rooms may be delivered, which may be so already; never if the
   * connection ends first. The task must be short. It never runs inside of this call, for the
   * caller may hold locks.
   */
  public void whenSpace(Runnable task) {
    if (!freshness.keepUntilCurrent(() -> whenSpace(task)) && sendQueue.spaceOrAwait(task)) {
      try {
        sendLoop.execute(task);
      } catch (RejectedExecutionException late) {
        failed(late);
      }
    }
  }

  /** Ends the connection if its token has ended. */
  void expire() {
    heartbeat.expire(this);
  }

  /**
   * Waits while more than half of the send queue is used: no command is worked on while its peer
   * leaves earlier answers unread. Ends when the connection does.
   */
  public void awaitSpace() {
    try {
      sendQueue.awaitSpace();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether {@link #awaitSpace} would not wait. */
  public boolean roomy() {
    return sendQueue.roomy();
  }

  /** How many bytes wait to be written. */
  public int waiting() {
    return sendQueue.bytes();
  }

  /** A sign of life from the peer: call for every frame that comes in. */
  public void received() {
    heartbeat.received();
  }

  /**
   * Called once a second, by one thread at a time, without any lock.
   *
   * @param now of the monotonic clock
   * @param instant database time, as near as the instance knows it
   */
  void tick(long now, Instant instant) {
    if (!sink.present()) {
      end.gone();
    } else if (end.decided()) {
      end.tick();
    } else {
      heartbeat.tick(this, now, instant);
    }
  }

  /**
   * Ends the connection: what is queued is still written, then the carrier is closed. If the peer
   * has lost its right to it, what is queued is dropped instead.
   */
  public void close(CloseCode code, String reason) {
    close(code, reason, null);
  }

  /** Ends the connection as {@link #close(CloseCode, String)} does, with a last word. */
  public void close(CloseCode code, String reason, Delivery.@Nullable Goodbye last) {
    close(code, reason, last, code.rightLost());
  }

  /**
   * Ends the connection so that the peer comes back and its rights are judged anew; what is queued
   * is dropped, for it may no longer have the right to it.
   */
  public void rightsChanged() {
    Delivery.Goodbye last = new Delivery.Goodbye("rights", Duration.ZERO);
    close(CloseCode.MOVED, "rights", last, true);
  }

  /**
   * Sends the peer away because the instance goes: what has come in from it is worked on and its
   * publishes are answered first, then {@link #close(CloseCode, String, Delivery.Goodbye)}.
   *
   * @param patience how long its publishes may wait for their answers
   */
  void dismiss(CloseCode code, String reason, Delivery.Goodbye last, Duration patience) {
    Runnable leave = () -> close(code, reason, last);
    Inbound open = inbound;
    if (open == null || !open.settle(patience, leave)) {
      leave.run();
    }
  }

  private void close(
      CloseCode code, String reason, Delivery.@Nullable Goodbye last, boolean discard) {
    Farewell farewell = end.decide(code, reason, last, discard);
    if (farewell == null) {
      return;
    }
    Offer offer = sendQueue.close(discard, farewell.last());
    if (discard) {
      sink.hurry();
    }
    // The last frames come after that: a carrier that is hurried keeps them, or fails them at once.
    wakeIf(offer);
    end.queued();
  }

  /** Whether a goodbye tells its peer when to come back. */
  boolean tellsReturn() {
    return encoder.tellsReturn();
  }

  /** The carrier vanished. Idempotent. */
  public void gone() {
    end.gone();
  }
}
