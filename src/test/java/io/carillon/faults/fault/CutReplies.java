package io.carillon.faults.fault;

import io.carillon.faults.stage.Node;
import io.carillon.kit.ProxyMode;
import java.time.Duration;

/** F17: the link is cut after the request and before the reply; publishers retry with their key. */
public final class CutReplies implements Fault {
  @Override
  public String id() {
    return "F17";
  }

  @Override
  public String what() {
    return "cut after the request and before the reply";
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    long end = System.nanoTime() + length.toNanos();
    while (System.nanoTime() < end) {
      Node node = scene.anyNode();
      scene.on(this, "node " + node.index());
      node.front().mode(ProxyMode.cut(scene.random().nextInt(2_000)));
      scene.pause(300, 1_500);
      node.front().mode(ProxyMode.pass());
      scene.off(this, "node " + node.index());
      scene.pause(300, 1_500);
    }
  }
}
