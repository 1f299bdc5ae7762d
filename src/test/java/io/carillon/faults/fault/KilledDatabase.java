package io.carillon.faults.fault;

import io.carillon.faults.checker.Expectations;
import java.time.Duration;

/** F4: PostgreSQL is killed and started again. */
public final class KilledDatabase implements Fault {
  @Override
  public String id() {
    return "F4";
  }

  @Override
  public String what() {
    return "kill -9 PostgreSQL, postmaster and children, and restart it";
  }

  @Override
  public Expectations expectations() {
    return Expectations.strict().excusingPresenceInFaults();
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    long end = System.nanoTime() + length.toNanos();
    do {
      scene.on(this, "database");
      scene.stage().database().kill();
      scene.pause(500, 4_000);
      scene.stage().database().start();
      scene.off(this, "database");
      scene.pause(10_000, 15_000);
    } while (System.nanoTime() < end);
  }
}
