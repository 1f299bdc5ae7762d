package io.carillon.bench.jmh;

import io.carillon.core.CloseCode;
import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.ConnectionLimits;
import io.carillon.core.connection.Connections;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.connection.FrameSink;
import io.carillon.core.connection.Liveness;
import io.carillon.core.connection.RevocationFreshness;
import io.carillon.core.connection.SharedDelivery;
import io.carillon.core.spi.Probe;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.json.CarillonV1;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Deliveries into a connection's outbox, and the write of what waits: what a delivery costs between
 * the room and the socket, without either, in one thread. The time is that of one write with all
 * the events that it takes along.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OutboxBench {
  /** Events that wait when the writer comes. */
  @Param({"1", "8", "64"})
  public int waiting = 1;

  private final CarillonV1 protocol = new CarillonV1();
  private final FrameEncoder encoder = protocol.encoder();
  private final Codec codec = protocol.open(new Peer(Protocol.SOCKET, Map.of(), Map.of()));
  private final Queue<Runnable> writes = new ArrayDeque<>();
  private final Carrier carrier = new Carrier();
  private final SharedDelivery event = new SharedDelivery(new Delivery.EventDelivery(event()));
  private final Connection connection =
      new Connections(
              ConnectionLimits.DEFAULTS,
              () -> "c1",
              System::nanoTime,
              Clock.systemUTC(),
              new Random(7),
              new RevocationFreshness(Duration.ofDays(1), System::nanoTime),
              Probe.NONE)
          .open(
              new Identity("alice", Grants.everything(false), null, null),
              encoder,
              carrier,
              writes::add,
              Liveness.NONE);

  private static Event event() {
    Instant at = Instant.parse("2026-11-21T22:00:00.123Z");
    String data = '"' + "x".repeat(120) + '"';
    return new Event(
        new RoomName("bench:1"), "k3f9", 17, "0193-id", "m", data, null, "alice", at, null);
  }

  /** Delivers, then writes. */
  @Benchmark
  public int deliverAndWrite() {
    for (int i = 0; i < waiting; i++) {
      if (!connection.deliver(event)) {
        throw new IllegalStateException("refused");
      }
    }
    for (Runnable write = writes.poll(); write != null; write = writes.poll()) {
      write.run();
    }
    return carrier.length;
  }

  /** Joins what it is given, as the carrier of a socket does, and is done at once. */
  private final class Carrier implements FrameSink {
    private int length;

    @Override
    public void write(List<Frame> frames, Written done) {
      for (Message message : codec.join(frames)) {
        length = message.size();
      }
      done.ended(true);
    }

    @Override
    public void close(CloseCode code, Farewell farewell, Runnable closed) {
      throw new IllegalStateException(code + " " + farewell.reason());
    }
  }
}
