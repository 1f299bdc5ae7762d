package io.carillon.bench;

import io.carillon.kit.Ports;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A broadcast in C with one write a delivery: what the kernel alone costs on this machine. */
final class Floor implements Contender {
  private final int port;
  private final Process process;

  private Floor(int port, Process process) {
    this.port = port;
    this.process = process;
  }

  static Floor start() throws IOException, InterruptedException {
    int port = Ports.free();
    return new Floor(port, Launch.start(port, List.of(Tool.built("floor").toString(), "" + port)));
  }

  @Override
  public String name() {
    return "floor";
  }

  /** Streams are compared with its sockets. */
  @Override
  public boolean takes(Scenario scenario) {
    return true;
  }

  @Override
  public List<String> targets() {
    return List.of("127.0.0.1:" + port);
  }

  @Override
  public List<String> dialect(Scenario scenario) {
    return Dialects.BARE;
  }

  @Override
  public Map<String, Long> processes() {
    return Map.of(name(), process.pid());
  }

  @Override
  public void close() {
    process.destroy();
  }
}
