package io.carillon.protocol.pusher;

import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.connection.Liveness;
import io.carillon.core.spi.GuestApps;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import java.time.Duration;
import java.util.List;

/**
 * Pusher Channels protocol, versions 5 to 7, at {@code /app/{key}} (Pusher's page "WebSocket
 * protocol"). The application's key admits a connection; each subscription of a private channel is
 * signed.
 */
public final class PusherProtocol implements Protocol {
  /** Name of the protocol. */
  public static final String NAME = "pusher";

  /** Activity timeout of clients: after so long without a message they send a ping. */
  static final Duration ACTIVITY = Duration.ofMinutes(2);

  /** Interval of the server's pings, and the time for a client to answer one. */
  private static final Duration BEAT = Duration.ofSeconds(30);

  private final GuestApps apps;
  private final PusherHooks hooks;
  private final PusherEncoder encoder = new PusherEncoder();

  /**
   * Creates the protocol for the clients of these applications.
   *
   * @param hooks told of client events
   */
  public PusherProtocol(GuestApps apps, PusherHooks hooks) {
    this.apps = apps;
    this.hooks = hooks;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<String> subprotocols() {
    return List.of();
  }

  @Override
  public List<String> paths() {
    return List.of("/app/{key}");
  }

  @Override
  public Admission admission() {
    return Admission.OWN;
  }

  @Override
  public Liveness liveness(Duration heartbeat) {
    return new Liveness(Liveness.Begins.SERVER, BEAT, BEAT, Duration.ZERO);
  }

  @Override
  public FrameEncoder encoder() {
    return encoder;
  }

  @Override
  public Codec open(Peer peer) {
    return new PusherCodec(
        apps, hooks, peer.variables().getOrDefault("key", ""), peer.parameter("protocol"));
  }
}
