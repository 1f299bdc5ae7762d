package io.carillon.faults.fault;

import io.carillon.faults.stage.Node;
import java.time.Duration;

/** F10: the clock of one instance is ten minutes ahead, then ten minutes behind. */
public final class SkewedClock implements Fault {
  @Override
  public String id() {
    return "F10";
  }

  @Override
  public String what() {
    return "the clock of one instance is 10 minutes ahead, then behind";
  }

  @Override
  public boolean alone() {
    return true;
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    for (String offset : new String[] {"600000", "-600000"}) {
      Node node = scene.anyNode();
      String target = "node " + node.index() + " by ms " + offset;
      scene.on(this, target);
      node.server().terminate(Duration.ofSeconds(30));
      node.start("CARILLON_CLOCK_OFFSET", offset);
      node.awaitReady();
      Scene.pause(length.dividedBy(2));
      scene.off(this, target);
    }
  }
}
