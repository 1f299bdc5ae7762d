package io.carillon.bench.jmh;

import io.carillon.protocol.Codec;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.Message;
import io.carillon.protocol.Peer;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.json.CarillonV1;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Commands of {@code carillon.v1} from what clients send. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecoderBench {
  /** Characters of payload of a publish. */
  @Param({"120", "4000"})
  public int size = 120;

  private final Codec codec = new CarillonV1().open(new Peer(Protocol.SOCKET, Map.of(), Map.of()));
  private String publish = "";
  private String ten = "";

  /** One publish, and ten of them in one message. */
  @Setup
  public void prepare() {
    publish =
        "{\"type\":\"publish\",\"ref\":2,\"room\":\"bench:1\",\"name\":\"m\",\"data\":\""
            + "x".repeat(size)
            + "\"}";
    ten = "[" + String.join(",", Collections.nCopies(10, publish)) + "]";
  }

  /** The command that costs most. */
  @Benchmark
  public List<Decoded> publish() {
    return codec.decode(new Message.Text(publish));
  }

  /** Ten in one message. */
  @Benchmark
  public List<Decoded> tenPublishes() {
    return codec.decode(new Message.Text(ten));
  }

  /** The smallest, of which there are most. */
  @Benchmark
  public List<Decoded> pong() {
    return codec.decode(new Message.Text("{\"type\":\"pong\"}"));
  }
}
