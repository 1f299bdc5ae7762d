package io.carillon.bench;

import io.carillon.bench.Scenario.Carrier;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Carillon as clients of Socket.IO use it: the same instances, spoken to in their protocol. */
final class SocketIoGuest implements Contender {
  private final Product product;

  /** The guests of instances that run; they are not ended with this. */
  SocketIoGuest(Product product) {
    this.product = product;
  }

  @Override
  public String name() {
    return product.name() + "+guest";
  }

  @Override
  public boolean takes(Scenario scenario) {
    return scenario.carrier() == Carrier.WEBSOCKET;
  }

  @Override
  public boolean heats() {
    return true;
  }

  @Override
  public List<String> targets() {
    return product.targets();
  }

  @Override
  public List<String> dialect(Scenario scenario) {
    return List.of(
        "--mode",
        "socketio",
        "--sio-auth",
        "{\"token\":\"" + product.token() + "\"}",
        "--send",
        "420[\"join\",\"bench:{r}\"]",
        "--expect",
        "430[",
        "--pub-msg",
        "421[\"publish\",\"bench:{r}\",\"m\",\"{d}\"]");
  }

  @Override
  public Map<String, Long> processes() {
    return Contender.named(name(), product.instances(), OptionalLong.of(product.database().pid()));
  }

  @Override
  public void close() {
    // The product is closed by whoever started it.
  }
}
