package io.carillon.faults.fault;

import io.carillon.faults.checker.Expectations;
import io.carillon.faults.stage.Stage;
import io.carillon.kit.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * F5: the primary dies and its standby takes over. Synchronous: nothing acknowledged is lost.
 * Asynchronous, with the stream to the standby cut some seconds before: the last events are lost,
 * and every reader beyond the fork is told so.
 */
public final class Failover implements Fault {
  private final boolean synchronous;

  /** A failover to a synchronous standby, or to one that has fallen behind. */
  public Failover(boolean synchronous) {
    this.synchronous = synchronous;
  }

  @Override
  public String id() {
    return synchronous ? "F5s" : "F5a";
  }

  @Override
  public String what() {
    return synchronous
        ? "failover to a synchronous standby"
        : "failover to an asynchronous standby that has fallen behind";
  }

  @Override
  public boolean alone() {
    return true;
  }

  @Override
  public Expectations expectations() {
    return synchronous
        ? Expectations.strict().excusingPresenceInFaults()
        : Expectations.strict()
            .excusingPresenceInFaults()
            .allowingLoss()
            .allowingResyncs("epoch", "ahead");
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    try (ScriptReaders scripts = ScriptReaders.start(scene)) {
      failOver(scene);
      Scene.pause(length.dividedBy(2));
      scripts.judge();
    }
  }

  private void failOver(Scene scene) throws Exception {
    Stage stage = scene.stage();
    PostgresServer primary = stage.database();
    PostgresServer standby = primary.standby(stage.folder().resolve("standby"), "carillon_standby");
    stage.own(standby);
    standby.start();
    if (synchronous) {
      alter(primary, "alter system set synchronous_standby_names = 'carillon_standby'");
    }
    awaitStreaming(primary, synchronous ? "sync" : "async");
    scene.pause(5_000, 8_000);
    if (!synchronous) {
      // The standby loses its stream; what is acknowledged from here on is lost with the primary.
      alter(standby, "alter system set primary_conninfo = ''");
      scene.pause(3_000, 4_000);
    }
    scene.on(this, "primary");
    primary.kill();
    scene.pause(500, 2_000);
    standby.promote();
    if (synchronous) {
      alter(standby, "alter system set synchronous_standby_names = ''");
    }
    stage.switchTo(standby);
    scene.off(this, "primary");
  }

  static void alter(PostgresServer server, String sql) throws SQLException {
    server.execute("postgres", sql);
    server.execute("postgres", "select pg_reload_conf()");
  }

  static void awaitStreaming(PostgresServer primary, String state)
      throws SQLException, InterruptedException {
    for (int i = 0; i < 300; i++) {
      try (Connection connection = primary.superuser("postgres").getConnection();
          Statement statement = connection.createStatement();
          ResultSet row =
              statement.executeQuery(
                  "select count(*) from pg_stat_replication where state = 'streaming'"
                      + " and sync_state = '"
                      + state
                      + "'")) {
        row.next();
        if (row.getInt(1) > 0) {
          return;
        }
      }
      Scene.pause(Duration.ofMillis(100));
    }
    throw new SQLException("the standby does not follow");
  }
}
