package io.carillon.protocol.socketio;

import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.connection.Liveness;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import java.time.Duration;
import java.util.List;

/**
 * Socket.IO protocol 5 over Engine.IO protocol 4 (both at github.com/socketio), as {@code
 * socket.io-client} 4 speaks it: namespaces handled by beans, and the events of {@code
 * docs/guests/socketio.md} in the main one if no bean handles it. Thread-safe.
 */
public final class SocketIo implements Protocol {
  /** Name of the protocol, also in metrics. */
  public static final String NAME = "socketio";

  /** Maximum size of a client's packet and of a poll's body, in bytes. */
  static final int MAX_PAYLOAD = 1_000_000;

  private final SocketIoEncoder encoder = new SocketIoEncoder();
  private final SocketHub hub;
  private final SocketIoSettings settings;

  /** Creates the protocol; {@code hub} has the handlers of namespaces. */
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
