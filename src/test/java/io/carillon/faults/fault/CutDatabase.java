package io.carillon.faults.fault;

import io.carillon.faults.checker.Expectations;
import io.carillon.faults.stage.Node;
import io.carillon.kit.ProxyMode;
import java.time.Duration;

/** F7 and F8: the link between one instance and the database is reset, or goes silent. */
public final class CutDatabase implements Fault {
  private final boolean silent;

  /** Silent: nothing passes and nobody is told. Otherwise connections are reset and refused. */
  public CutDatabase(boolean silent) {
    this.silent = silent;
  }

  @Override
  public String id() {
    return silent ? "F8" : "F7";
  }

  @Override
  public String what() {
    return silent
        ? "blackhole between an instance and the database"
        : "resets between an instance and the database";
  }

  @Override
  public Expectations expectations() {
    return Expectations.strict().excusingPresenceInFaults();
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    long end = System.nanoTime() + length.toNanos();
    do {
      Node node = scene.anyNode();
      scene.on(this, "node " + node.index());
      node.back().mode(silent ? ProxyMode.blackholed() : ProxyMode.reset());
      if (silent) {
        scene.pause(18_000, 22_000);
      } else {
        scene.pause(500, 8_000);
      }
      if (!node.server().isAlive()) {
        scene.fail("node " + node.index() + " has died of it");
      }
      node.back().mode(ProxyMode.pass());
      if (silent) {
        // A cable that is put back: what was sent into the hole is gone, the peers learn of it.
        node.back().reset();
      }
      scene.off(this, "node " + node.index());
      scene.pause(5_000, 8_000);
    } while (System.nanoTime() < end);
  }
}
