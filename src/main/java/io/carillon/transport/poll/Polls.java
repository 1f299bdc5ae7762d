package io.carillon.transport.poll;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import io.carillon.transport.duplex.Links;
import java.security.Principal;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All links of this instance that polls carry. Thread-safe. */
public final class Polls {
  private static final long SWEEP_NANOS = Duration.ofSeconds(1).toNanos();

  private final ConcurrentHashMap<String, DuplexPoll> open = new ConcurrentHashMap<>();
  private final Links links;
  private final Executor writers;
  private final Supplier<String> ids;
  private final LongSupplier nanos;
  private final int most;
  private final AtomicLong swept;

  /**
   * Knows no link yet.
   *
   * @param writers runs the writes, which wait for nothing
   * @param ids makes unguessable ids, other than those of connections, which others may know
   * @param nanos a monotonic clock
   * @param most how many may be open
   */
  public Polls(Links links, Executor writers, Supplier<String> ids, LongSupplier nanos, int most) {
    this.links = links;
    this.writers = writers;
    this.ids = ids;
    this.nanos = nanos;
    this.most = most;
    this.swept = new AtomicLong(nanos.getAsLong());
  }

  /**
   * Opens a link.
   *
   * @param principal of the request, if it has one
   * @throws RefusedException if its peer is not let in, or if nobody is now
   */
  public DuplexPoll open(Protocol protocol, Peer peer, @Nullable Principal principal) {
    sweep();
    Identity who = links.admit(protocol, principal);
    if (who == null) {
      throw new RefusedException(ErrorCode.UNAUTHENTICATED);
    }
    if (open.size() >= most) {
      throw new RefusedException(Rejection.retry(ErrorCode.OVERLOADED, Duration.ofSeconds(5)));
    }
    String id = ids.get();
    Codec codec = protocol.open(peer.on(id, who.isNobody() ? null : who.user()));
    DuplexPoll poll = new DuplexPoll(id, codec, nanos);
    poll.carry(links.open(protocol, codec, who, poll.sink(), writers));
    open.put(poll.id(), poll);
    return poll;
  }

  /**
   * The link of this id; null: there is none, or it is another's.
   *
   * @param principal of the request, if it has one
   */
  public @Nullable DuplexPoll find(@Nullable String id, @Nullable Principal principal) {
    DuplexPoll poll = known(id, principal);
    return poll == null || poll.isOver() ? null : poll;
  }

  /** The same, were it one that has moved to another carrier. */
  @Nullable DuplexPoll known(@Nullable String id, @Nullable Principal principal) {
    sweep();
    DuplexPoll poll = id == null ? null : open.get(id);
    Identity who = Objects.requireNonNullElse(Links.known(principal), Identity.NOBODY);
    return poll == null || poll.isForgotten() || !poll.belongsTo(who) ? null : poll;
  }

  /** How many are open, have moved, or are closed and have not told it yet. */
  public int count() {
    return open.size();
  }

  private void sweep() {
    long now = nanos.getAsLong();
    long before = swept.get();
    if (now - before >= SWEEP_NANOS && swept.compareAndSet(before, now)) {
      open.values().removeIf(DuplexPoll::isForgotten);
    }
  }
}
