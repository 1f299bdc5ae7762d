package io.carillon.faults.fault;

import io.carillon.faults.checker.Expectations;
import io.carillon.faults.stage.Node;
import io.carillon.kit.ProxyMode;
import java.time.Duration;

/** F9: every exchange with the database takes longer. */
public final class SlowDatabase implements Fault {
  private static final int[] MILLISECONDS = {25, 100, 500};

  @Override
  public String id() {
    return "F9";
  }

  @Override
  public String what() {
    return "50, 200 and 1000 ms more for every exchange with the database";
  }

  @Override
  public Expectations expectations() {
    return Expectations.strict().excusingPresenceInFaults();
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    for (int delay : MILLISECONDS) {
      scene.on(this, 2 * delay + " ms");
      for (Node node : scene.stage().nodes()) {
        node.back().mode(ProxyMode.delay(delay));
      }
      Scene.pause(length.dividedBy(MILLISECONDS.length + 1L));
      for (Node node : scene.stage().nodes()) {
        node.back().mode(ProxyMode.pass());
      }
      scene.off(this, 2 * delay + " ms");
      scene.pause(1_000, 2_000);
    }
  }
}
