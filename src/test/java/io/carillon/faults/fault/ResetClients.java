package io.carillon.faults.fault;

import io.carillon.faults.stage.Node;
import java.time.Duration;

/** F15: every client's link is reset every 0.5 to 3 s. */
public final class ResetClients implements Fault {
  @Override
  public String id() {
    return "F15";
  }

  @Override
  public String what() {
    return "all clients of an instance are reset every 0.5 to 3 s";
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    long end = System.nanoTime() + length.toNanos();
    scene.on(this, "clients");
    while (System.nanoTime() < end) {
      Node node = scene.anyNode();
      node.front().reset();
      scene.pause(150, 1_000);
    }
    scene.off(this, "clients");
  }
}
