package io.carillon.transport.duplex;

import io.carillon.contract.Wire;
import io.carillon.core.CloseCode;
import io.carillon.core.Identity;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameSink;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A link and its client in one process: what is written is read. */
final class MemoryWire extends Wire implements FrameSink {
  private final Codec codec;
  private @Nullable DuplexLink link;

  private MemoryWire(Codec codec) {
    this.codec = codec;
  }

  static MemoryWire open(Links links, Protocol protocol, Identity who, Executor threads) {
    Codec codec =
        protocol.open(new Peer(protocol.paths().getFirst(), Map.of("app", "memory"), Map.of()));
    MemoryWire wire = new MemoryWire(codec);
    wire.link = links.open(protocol, codec, who, wire, threads);
    return wire;
  }

  DuplexLink link() {
    return Objects.requireNonNull(link);
  }

  @Override
  public void write(List<Frame> frames, Written done) {
    codec.join(frames).forEach(this::heard);
    done.ended(true);
  }

  @Override
  public void close(CloseCode code, Farewell farewell, Runnable closed) {
    ended(farewell.code(), farewell.reason());
    closed.run();
  }

  @Override
  public void send(Message message) {
    Objects.requireNonNull(link).receive(message);
  }

  @Override
  public void close() {
    Objects.requireNonNull(link).gone();
  }
}
