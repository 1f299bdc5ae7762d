package io.carillon.faults.fault;

import io.carillon.faults.checker.Expectations;
import io.carillon.faults.client.RevokedReader;
import io.carillon.faults.stage.Node;
import java.time.Duration;

/**
 * F2: an instance stops in time and goes on; longer than its lease, too. A reader there loses its
 * right meanwhile, and gets nothing of what others publish when the instance wakes up (G12).
 */
public final class FrozenInstance implements Fault {
  private static final int[] SECONDS = {5, 20, 60};

  @Override
  public String id() {
    return "F2";
  }

  @Override
  public String what() {
    return "SIGSTOP an instance for 5, 20 and 60 s, then SIGCONT";
  }

  @Override
  public Expectations expectations() {
    return Expectations.strict().excusingPresenceInFaults();
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    long end = System.nanoTime() + length.toNanos();
    for (int seconds : SECONDS) {
      if (seconds > 5 && System.nanoTime() + seconds * 1_000_000_000L > end) {
        scene.note("left out for time", "frozen " + seconds + " s");
        return;
      }
      Node node = scene.anyNode();
      String target = "node " + node.index() + " for " + seconds + " s";
      scene.on(this, target);
      Node other = scene.anyNodeBut(node);
      String room = scene.rooms().getFirst();
      try (RevokedReader reader =
          new RevokedReader(scene.ground(), node.address(), "f2-outcast-" + seconds, room)) {
        node.freeze();
        try {
          reader.revoke(other.address());
          Scene.pause(Duration.ofSeconds(seconds));
          reader.noMore();
        } finally {
          node.thaw();
        }
        try {
          int tooMany = reader.untilSentAway();
          if (tooMany > 0) {
            scene.fail(tooMany + " events to somebody whose rights were withdrawn, " + target);
          }
        } catch (AssertionError stays) {
          scene.fail("somebody whose rights were withdrawn stays, " + target);
        }
      }
      scene.off(this, target);
      scene.pause(2_000, 5_000);
    }
  }
}
