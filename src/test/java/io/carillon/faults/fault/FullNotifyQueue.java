package io.carillon.faults.fault;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** F12: the queue of notifications is full, so every NOTIFY fails; polling carries delivery. */
public final class FullNotifyQueue implements Fault {
  @Override
  public String id() {
    return "F12";
  }

  @Override
  public String what() {
    return "NOTIFY fails because its queue is full";
  }

  @Override
  public boolean alone() {
    return true;
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    fillAndHold(scene, this, length.dividedBy(2));
    scene.pause(3_000, 5_000);
  }

  /** Fills the queue behind a listener that does not read, and lets that go after a while. */
  static void fillAndHold(Scene scene, Fault fault, Duration held) throws Exception {
    Failover.alter(scene.stage().database(), "alter system set max_notify_queue_pages = 64");
    scene.stage().database().stop();
    scene.stage().database().start();
    scene.pause(4_000, 6_000);
    try (Connection holder = scene.stage().superuser().getConnection();
        Statement statement = holder.createStatement()) {
      statement.execute("listen nobody_reads_this");
      holder.setAutoCommit(false);
      statement.execute("select 1");
      scene.on(fault, "queue");
      int rounds = fill(scene);
      scene.note("notifications until the queue was full", Integer.toString(rounds));
      Scene.pause(held);
      holder.rollback();
    }
    scene.off(fault, "queue");
  }

  private static int fill(Scene scene) throws SQLException {
    String payload = "x".repeat(7_000);
    try (Connection connection = scene.stage().superuser().getConnection();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < 1_000; i++) {
        try {
          statement.execute("select pg_notify('nobody_reads_this', '" + i + payload + "')");
        } catch (SQLException full) {
          return i;
        }
      }
    }
    scene.fail("the queue never became full");
    return -1;
  }
}
