package io.carillon.faults.fault;

import io.carillon.faults.stage.Node;
import java.time.Duration;

/** F3: every instance is restarted in turn, as an upgrade does. */
public final class RollingRestart implements Fault {
  private static final Duration EXIT = Duration.ofSeconds(30);

  @Override
  public String id() {
    return "F3";
  }

  @Override
  public String what() {
    return "rolling restart of all instances by SIGTERM";
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    for (Node node : scene.stage().nodes()) {
      scene.on(this, "node " + node.index());
      long start = System.nanoTime();
      if (!node.server().terminate(EXIT)) {
        scene.fail("node " + node.index() + " did not exit within " + EXIT);
        node.kill();
      }
      scene.note("exit after ms", Long.toString((System.nanoTime() - start) / 1_000_000));
      node.start();
      node.awaitReady();
      scene.off(this, "node " + node.index());
      scene.pause(2_000, 4_000);
    }
  }
}
