package io.carillon.protocol.socketio;

import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.connection.Liveness;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import java.time.Duration;
import java.util.List;

/**
 * Socket.IO 5 over Engine.IO 4, as {@code socket.io-client} 4 speaks it, with the namespaces that
 * beans handle, and the conversation of {@code docs/guests/socketio.md} in the main one if none
 * does. Thread-safe.
 */
public final class SocketIo implements Protocol {
  /** Its name, in metrics too. */
  public static final String NAME = "socketio";

  /** The largest packet of a client, and the largest body of its polls. */
  static final int MAX_PAYLOAD = 1_000_000;

  private final SocketIoEncoder encoder = new SocketIoEncoder();
  private final SocketHub hub;
  private final SocketIoSettings settings;

  /** Takes what its namespaces are handled by, and its times. */
  public SocketIo(SocketHub hub, SocketIoSettings settings) {
    this.hub = hub;
    this.settings = settings;
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
    return List.of("/socket.io/", "/socket.io");
  }

  @Override
  public Carriage carriage() {
    return Carriage.ENGINE_IO;
  }

  @Override
  public Admission admission() {
    return Admission.ANYBODY;
  }

  @Override
  public int maxMessage() {
    return MAX_PAYLOAD;
  }

  @Override
  public Liveness liveness(Duration heartbeat) {
    return new Liveness(
        Liveness.Begins.SERVER,
        settings.pingInterval(),
        settings.pingTimeout(),
        Duration.ZERO,
        settings.connectTimeout());
  }

  @Override
  public FrameEncoder encoder() {
    return encoder;
  }

  @Override
  public Codec open(Peer peer) {
    return new SocketIoCodec(peer, hub, settings);
  }
}
