package io.carillon.faults.fault;

import io.carillon.faults.stage.Node;
import io.carillon.kit.ProxyMode;
import java.time.Duration;

/** F19: the links of an instance's clients go silent; new ones are made elsewhere. */
public final class HalfOpenClients implements Fault {
  @Override
  public String id() {
    return "F19";
  }

  @Override
  public String what() {
    return "half-open clients: nothing passes between them and an instance for 45 s";
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    Node node = scene.anyNode();
    scene.on(this, "node " + node.index());
    node.front().mode(ProxyMode.blackholed());
    Scene.pause(Duration.ofSeconds(45));
    node.front().reset();
    node.front().mode(ProxyMode.pass());
    scene.off(this, "node " + node.index());
    scene.pause(3_000, 5_000);
  }
}
