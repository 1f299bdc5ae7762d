package io.carillon.faults.fault;

import io.carillon.faults.stage.Node;
import java.time.Duration;

/** F1: one of three instances is killed again and again. */
public final class KilledInstances implements Fault {
  @Override
  public String id() {
    return "F1";
  }

  @Override
  public String what() {
    return "kill -9 one of 3 instances every 5 to 15 s";
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    long end = System.nanoTime() + length.toNanos();
    do {
      Node node = scene.anyNode();
      scene.on(this, "node " + node.index());
      node.kill();
      scene.pause(1_000, 3_000);
      node.start();
      node.awaitReady();
      scene.off(this, "node " + node.index());
      scene.pause(5_000, 15_000);
    } while (System.nanoTime() < end);
  }
}
