package io.carillon.transport.duplex;

import io.carillon.core.CloseCode;
import io.carillon.core.Delivery;
import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.connection.Carrier;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.Connections;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.FrameSink;
import io.carillon.core.connection.Liveness;
import io.carillon.core.room.Commands;
import io.carillon.core.spi.AddressedPrincipal;
import io.carillon.core.spi.CarillonPrincipal;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Protocol;
import java.security.Principal;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Factory of two-way links over any carrier. Thread-safe. */
public final class Links {
  private final Connections connections;
  private final Commands commands;
  private final Executor executor;
  private final Duration heartbeat;
  private final LinkLimits limits;
  private final Semaphore waitingReaders;

  /**
   * Bounds of received messages.
   *
   * @param inboundBytes maximum bytes of one peer's waiting messages, their overhead included
   * @param messages maximum number of one peer's waiting messages
   * @param waitingReaders maximum number of reads, of all peers, that are blocked by {@code
   *     inboundBytes} at a time; further peers are closed instead
   */
  public record LinkLimits(int inboundBytes, int messages, int waitingReaders) {
    /** 512 KiB, 2,048 messages, 64 readers. */
    public static final LinkLimits DEFAULTS = new LinkLimits(512 * 1024, 2048, 64);
  }

  /**
   * Creates a factory.
   *
   * @param executor runs commands; they block, so give virtual threads
   * @param heartbeat interval of heartbeats, for protocols without one of their own
   */
  public Links(
      Connections connections,
      Commands commands,
      Executor executor,
      Duration heartbeat,
      LinkLimits limits) {
    this.connections = connections;
    this.commands = commands;
    this.executor = executor;
    this.heartbeat = heartbeat;
    this.limits = limits;
    this.waitingReaders = new Semaphore(limits.waitingReaders);
  }

  /**
   * Identity of a peer that opens a link, by the protocol's admission rule.
   *
   * @param principal of the request; null: it has none
   * @return null: the peer is refused, for the protocol needs a credential
   */
  public @Nullable Identity admit(Protocol protocol, @Nullable Principal principal) {
    return switch (protocol.admission()) {
      case OWN -> Identity.NOBODY;
      case ANYBODY -> {
        Identity known = known(principal);
        yield known == null ? Identity.NOBODY : known;
      }
      case CREDENTIAL -> known(principal);
    };
  }

  /** Identity of a request's principal; null: it has no credential of ours. */
  public static @Nullable Identity known(@Nullable Principal principal) {
    return principal instanceof CarillonPrincipal known ? known.identity() : null;
  }

  /** Carrier of a link that a request of this principal opens, for operators. */
  public static Carrier carrier(String transport, @Nullable Principal principal) {
    return new Carrier(transport, principal instanceof AddressedPrincipal p ? p.address() : "");
  }

  /**
   * Opens a link; its opening messages are queued when this returns.
   *
   * @param codec of this protocol, for this link alone
   * @param sink the carrier; it joins frames with the same codec
   * @param writers as in {@link Connections#open}
   * @throws RefusedException with {@link ErrorCode#OVERLOADED} if the instance is full or draining;
   *     see {@link #refusal}
   */
  public DuplexLink open(
      Protocol protocol, Codec codec, Identity who, FrameSink sink, Executor writers) {
    Liveness liveness = protocol.liveness(heartbeat);
    Connection connection = connections.open(who, protocol.encoder(), sink, writers, liveness);
    try {
      DuplexLink link = new DuplexLink(this, connection, codec, protocol.maxMessage());
      link.open(
          new Delivery.Welcome(connection.id(), who.user(), liveness.heartbeat(), who.expiresAt()));
      return link;
    } catch (RuntimeException | Error surprise) {
      connection.gone();
      throw surprise;
    }
  }

  /** Notes a ping of the carrier of a link itself, which the carrier answers. */
  public void pinged(DuplexLink link) {
    commands.pinged(link.connection());
  }

  /** Farewell of a peer that {@link #open} has refused; tells it when to come back. */
  public Farewell refusal(Protocol protocol, RefusedException refused) {
    Duration after = refused.rejection().retryAfter();
    String reason = connections.reason(refused.rejection());
    return protocol
        .encoder()
        .farewell(
            CloseCode.OVERLOAD,
            reason,
            new Delivery.Goodbye(reason, after == null ? Duration.ofSeconds(1) : after));
  }

  Commands commands() {
    return commands;
  }

  Executor executor() {
    return executor;
  }

  LinkLimits limits() {
    return limits;
  }

  Semaphore waitingReaders() {
    return waitingReaders;
  }
}
