package io.carillon.transport.poll;

import io.carillon.core.CloseCode;
import io.carillon.core.Identity;
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
 * Two-way link over polls. What a GET has not taken yet waits in the connection's own bounded
 * queue. At most one GET and one POST are open; a peer that has no GET open for too long is gone.
 * Thread-safe.
 */
public final class DuplexPoll implements MovableLink {
  private final String id;
  private final Codec codec;
  private final PollCarrier carrier;
  private final MovableSink sink;
  private final AtomicBoolean posting = new AtomicBoolean();
  private volatile @Nullable DuplexLink link;
  private volatile boolean moved;

  /** A GET that waits. It is told once, on any thread, without a lock; must not block. */
  public interface Waiter {
    /** Messages for the peer; none: the wait is over. */
    void messages(List<Message> messages);

    /** The link is closed; there is nothing more to get. */
    void closed(Farewell farewell);

    /** Another GET has come, which no peer in its right mind sends. */
    void superseded();
  }

  /**
   * Makes a carrier that carries nothing yet.
   *
   * @param id known to its peer alone
   * @param nanos a monotonic clock
   */
  DuplexPoll(String id, Codec codec, LongSupplier nanos) {
    this.id = id;
    this.codec = codec;
    this.carrier = new PollCarrier(codec, nanos);
    this.sink = new MovableSink(carrier);
  }

  /** What names it; known to its peer alone. */
  public String id() {
    return id;
  }

  /** What its connection writes to: polls, until the link moves to another carrier. */
  FrameSink sink() {
    return sink;
  }

  /** Says what it carries, before anything comes in. */
  void carry(DuplexLink carried) {
    link = carried;
  }

  private DuplexLink link() {
    return Objects.requireNonNull(link);
  }

  /**
   * Whether a request may be the peer's: its id is unguessable, and who shows a credential besides
   * shows the right one.
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

  /** The request of a GET is over, answered or not; call it once for each. */
  void forget(Waiter asks) {
    carrier.forget(asks);
  }

  /**
   * Takes what a POST has brought; waits as {@link DuplexLink#receive} does.
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

  /** A POST has come, whose messages are still to be read; false as {@link #post}. */
  boolean beginPost() {
    boolean begun = posting.compareAndSet(false, true);
    if (!begun) {
      link().connection().close(CloseCode.PROTOCOL, "two posts at a time");
    }
    return begun;
  }

  /** Takes what it has brought. */
  void receive(List<Message> messages) {
    messages.forEach(link()::receive);
  }

  /** It is over. */
  void endPost() {
    posting.set(false);
  }

  /** Why it is over, or is about to be; null: it goes on. */
  @Nullable CloseCode ending() {
    return link().connection().ending();
  }

  /** The peer ends it. */
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
   * Moves the link to another carrier, for instance a socket: what the peer has not got yet, and
   * all that follows, goes there. A GET that waits is answered with nothing; from now on polls of
   * this id find nothing.
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

  /** Whether nobody will ask for it any more, or should not have waited so long. */
  boolean isOver() {
    DuplexLink carried = link;
    return carrier.isOver(carried == null || carried.connection().closing());
  }

  /** Whether it need not be known any more: one that has moved is, as long as it lives. */
  boolean isForgotten() {
    return isOver() && !(moved && ending() == null);
  }
}
