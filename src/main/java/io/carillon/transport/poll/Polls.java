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

/** Registry of this instance's links over polls. Thread-safe. */
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
   * Creates an empty registry.
   *
   * @param writers run the writes, which do not block
   * @param ids makes unguessable ids; not those of connections, which others may know
   * @param nanos a monotonic clock
   * @param most maximum number of open links
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
   * @throws RefusedException if the peer needs a credential, or if the instance is full or draining
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
    DuplexPoll poll = new DuplexPoll(id, codec, nanos, Links.carrier("poll", principal));
    poll.carry(links.open(protocol, codec, who, poll.sink(), writers));
    open.put(poll.id(), poll);
    return poll;
  }

  /**
   * Link of this id; null: there is none, or it belongs to another user.
   *
   * @param principal of the request, if it has one
   */
  public @Nullable DuplexPoll find(@Nullable String id, @Nullable Principal principal) {
    DuplexPoll poll = known(id, principal);
    return poll == null || poll.isOver() ? null : poll;
  }

  /** Link of this id as {@link #find} gives it, also one that has moved to another carrier. */
  @Nullable DuplexPoll known(@Nullable String id, @Nullable Principal principal) {
    sweep();
    DuplexPoll poll = id == null ? null : open.get(id);
    Identity who = Objects.requireNonNullElse(Links.known(principal), Identity.NOBODY);
    return poll == null || poll.isForgotten() || !poll.belongsTo(who) ? null : poll;
  }

  /** Number of known links: open, moved, or closed with a farewell that was not fetched yet. */
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
