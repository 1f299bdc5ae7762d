package io.carillon.faults.fault;

import java.time.Duration;

/** F6: the connections that LISTEN are terminated at random. */
public final class LostListener implements Fault {
  @Override
  public String id() {
    return "F6";
  }

  @Override
  public String what() {
    return "terminate the LISTEN backends at random";
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    long end = System.nanoTime() + length.toNanos();
    do {
      scene.on(this, "listeners");
      scene
          .stage()
          .sql(
              "select pg_terminate_backend(pid) from pg_stat_activity"
                  + " where application_name = 'carillon backplane'");
      scene.off(this, "listeners");
      scene.pause(300, 4_000);
    } while (System.nanoTime() < end);
  }
}
