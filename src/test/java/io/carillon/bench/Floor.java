package io.carillon.bench;

import io.carillon.bench.Scenario.Carrier;
import io.carillon.kit.Ports;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** A broadcast in C with one write a delivery: what the kernel alone costs on this machine. */
final class Floor {
  private Floor() {}

  /** Starts it; streams and polls are compared with its sockets. */
  static Peer start() throws IOException, InterruptedException {
    int port = Ports.free();
    Process process = Launch.start(port, List.of(Tool.built("floor").toString(), "" + port));
    Map<Carrier, List<String>> dialects = new EnumMap<>(Carrier.class);
    for (Carrier carrier : Carrier.values()) {
      dialects.put(carrier, Dialects.BARE);
    }
    return new Peer("floor", Map.of(port, process), OptionalLong.empty(), dialects, false);
  }
}
