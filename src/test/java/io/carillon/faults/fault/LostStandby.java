package io.carillon.faults.fault;

import io.carillon.faults.checker.Expectations;
import io.carillon.faults.stage.Stage;
import io.carillon.kit.PostgresServer;
import java.time.Duration;

/** F5: the synchronous standby is gone; publishes answer {@code unknown} in time, nothing hangs. */
public final class LostStandby implements Fault {
  @Override
  public String id() {
    return "F5g";
  }

  @Override
  public String what() {
    return "the synchronous standby goes away and comes back";
  }

  @Override
  public boolean alone() {
    return true;
  }

  @Override
  public Expectations expectations() {
    return Expectations.strict().excusingPresenceInFaults();
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    Stage stage = scene.stage();
    PostgresServer primary = stage.database();
    PostgresServer standby = primary.standby(stage.folder().resolve("standby"), "carillon_standby");
    stage.own(standby);
    standby.start();
    Failover.alter(primary, "alter system set synchronous_standby_names = 'carillon_standby'");
    Failover.awaitStreaming(primary, "sync");
    scene.pause(2_000, 4_000);
    scene.on(this, "standby");
    standby.kill();
    Scene.pause(Duration.ofSeconds(12));
    standby.start();
    Failover.awaitStreaming(primary, "sync");
    scene.off(this, "standby");
    scene.pause(3_000, 5_000);
  }
}
