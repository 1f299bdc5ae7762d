package io.carillon.bench.jmh;

import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.Reply;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.connection.SharedDelivery;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.json.CarillonV1;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Frames of {@code carillon.v1} from what the core says. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EncoderBench {
  private static final Instant AT = Instant.parse("2026-11-21T22:00:00.123Z");

  /** Characters of payload. */
  @Param({"120", "4000"})
  public int size = 120;

  private final CarillonV1 protocol = new CarillonV1();
  private final FrameEncoder encoder = protocol.encoder();
  private final Codec codec = protocol.open(new Peer(Protocol.SOCKET, Map.of(), Map.of()));
  private final Reply reply = new Reply.Published("2", "k3f9", 17, "0193-id", false);
  private Delivery delivery = new Delivery.HeartbeatDelivery();
  private SharedDelivery sharedDelivery = new SharedDelivery(delivery);

  /** An event as readers get it. */
  @Setup
  public void prepare() {
    String data = '"' + "x".repeat(size) + '"';
    RoomName room = new RoomName("bench:1");
    delivery =
        new Delivery.EventDelivery(
            new Event(room, "k3f9", 17, "0193-id", "m", data, null, "alice", AT, null));
    sharedDelivery = new SharedDelivery(delivery);
  }

  /** Once for all readers of a room. */
  @Benchmark
  public Frame event() {
    return encoder.encode(delivery);
  }

  /** What each further reader pays. */
  @Benchmark
  public Frame sharedAgain() {
    return sharedDelivery.frame(encoder);
  }

  /** The answer to a publish. */
  @Benchmark
  public @Nullable Frame published() {
    return codec.encode(reply, null);
  }
}
