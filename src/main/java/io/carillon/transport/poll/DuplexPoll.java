package io.carillon.transport.poll;

import io.carillon.core.CloseCode;
import io.carillon.core.Identity;
import io.carillon.core.connection.Carrier;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.FrameSink;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Message;
import io.carillon.transport.duplex.DuplexLink;
import io.carillon.transport.duplex.MovableLink;
import io.carillon.transport.duplex.MovableSink;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Two-way link over long polls. Messages that no GET has taken yet wait in the connection's own
 * bounded send queue. At most one GET and one POST are open at a time; a peer without a GET for too
 * long is gone. Thread-safe.
 */
public final class DuplexPoll implements MovableLink {
  private final String id;
  private final Codec codec;
  private final PollCarrier carrier;
  private final MovableSink sink;
  private final AtomicBoolean posting = new AtomicBoolean();
  private volatile @Nullable DuplexLink link;
  private volatile boolean moved;

  /**
   * Waiting GET. One of its methods is called, once, on any thread, without a lock; must not block.
   */
  public interface Waiter {
    /** Answers with messages; an empty list: the wait is over. */
    void messages(List<Message> messages);

    /** Answers with the farewell of the link, which is closed. */
    void closed(Farewell farewell);

    /** Refuses the GET: the peer has sent two at a time. */
    void superseded();
  }

  /**
   * Creates polls without a link; {@link #carry} follows.
   *
   * @param id secret of the peer
   * @param nanos a monotonic clock
   * @param polls what an operator sees of the polls
   */
  DuplexPoll(String id, Codec codec, LongSupplier nanos, Carrier polls) {
    this.id = id;
    this.codec = codec;
    this.carrier = new PollCarrier(codec, nanos);
    this.sink = new MovableSink(carrier, polls);
  }

  /** Id of the link, a secret of its peer. */
  public String id() {
    return id;
  }

  /** Sink of the connection: polls, until the link moves to another carrier. */
  FrameSink sink() {
    return sink;
  }

  /** Sets the link, before anything comes in. */
  void carry(DuplexLink carried) {
    link = carried;
  }

  private DuplexLink link() {
    return Objects.requireNonNull(link);
  }

  /**
   * Whether a request may be the peer's: it has the id, which is unguessable, and its credential,
   * if it has one, is that of the link's user.
   */
  boolean belongsTo(Identity who) {
    Identity owner = link().connection().identity();
    return who.isNobody() || owner.isNobody() || owner.user().equals(who.user());
  }

  /** Answers a GET, now or later. Two at a time end the link. */
  public void get(Waiter asks) {
    if (!carrier.get(asks)) {
      link().connection().close(CloseCode.PROTOCOL, "two polls at a time");
    }
  }

  /** Notes the end of a GET's request, answered or not; to be called once for each. */
  void forget(Waiter asks) {
    carrier.forget(asks);
  }

  /**
   * Receives the messages of a POST; waits as {@link DuplexLink#receive} does.
   *
   * @return false: another POST is under way, and the link is closed
   */
  public boolean post(List<Message> messages) {
    if (!beginPost()) {
      return false;
    }
    try {
      receive(messages);
    } finally {
      endPost();
    }
    return true;
  }

  /** Begins a POST whose messages are still to be read; false as {@link #post}. */
  boolean beginPost() {
    boolean begun = posting.compareAndSet(false, true);
    if (!begun) {
      link().connection().close(CloseCode.PROTOCOL, "two posts at a time");
    }
    return begun;
  }

  /** Receives the messages of a POST that has begun; waits as {@link DuplexLink#receive} does. */
  void receive(List<Message> messages) {
    messages.forEach(link()::receive);
  }

  /** Ends a POST. */
  void endPost() {
    posting.set(false);
  }

  /** Close code of a link that has ended or is about to; null: it goes on. */
  @Nullable CloseCode ending() {
    return link().connection().ending();
  }

  /** Ends the link at the peer's request. */
  void leave() {
    carrier.leave();
    link().gone();
  }

  @Override
  public Codec codec() {
    return codec;
  }

  @Override
  public void moving(boolean soon) {
    carrier.moving(soon);
  }

  /**
   * Moves the link to another carrier, for instance a socket: messages that the peer has not got
   * yet, and all later ones, go there. A waiting GET is answered with nothing; later polls of this
   * id find no link.
   *
   * @return the link, for what comes in there; null: it is over, or has moved already
   */
  @Override
  public @Nullable DuplexLink moveTo(FrameSink next) {
    if (!carrier.leave() || !sink.move(next)) {
      return null;
    }
    moved = true;
    return link();
  }

  @Override
  public boolean movable() {
    return !isOver();
  }

  /** Whether the link can be forgotten: it has ended, and its peer polls no more. */
  boolean isOver() {
    DuplexLink carried = link;
    return carrier.isOver(carried == null || carried.connection().closing());
  }

  /** Whether the registry can drop the link; one that has moved is kept until it ends. */
  boolean isForgotten() {
    return isOver() && !(moved && ending() == null);
  }
}
