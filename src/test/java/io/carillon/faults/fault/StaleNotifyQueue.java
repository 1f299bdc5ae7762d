package io.carillon.faults.fault;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * F27: the queue of notifications was full, and whoever held it has gone. PostgreSQL keeps it full
 * until somebody asks how full it is or succeeds in notifying, so the instances have to free it
 * while they are ringing all the time.
 */
final class StaleNotifyQueue implements Fault {
  private static final Duration FREE_WITHIN = Duration.ofSeconds(10);

  @Override
  public String id() {
    return "F27";
  }

  @Override
  public String what() {
    return "the full queue of notifications is freed under load once nobody holds it";
  }

  @Override
  public boolean alone() {
    return true;
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    FullNotifyQueue.fillAndHold(scene, this, length.dividedBy(2));
    awaitFree(scene);
    scene.pause(3_000, 5_000);
  }

  /** Asks by notifying, which does not free the queue while it is full. */
  static void awaitFree(Scene scene) throws SQLException, InterruptedException {
    long begun = System.nanoTime();
    while (!notifies(scene)) {
      if (System.nanoTime() - begun > FREE_WITHIN.toNanos()) {
        scene.fail("the queue of notifications is still full");
        return;
      }
      Scene.pause(Duration.ofMillis(200));
    }
    scene.note(
        "the queue was free again after",
        Duration.ofNanos(System.nanoTime() - begun).toMillis() + " ms");
  }

  private static boolean notifies(Scene scene) throws SQLException {
    try (Connection connection = scene.stage().superuser().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("notify nobody_reads_this");
      return true;
    } catch (SQLException e) {
      if ("54000".equals(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }
}
