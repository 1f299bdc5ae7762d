package io.carillon.faults.fault;

import io.carillon.faults.client.Swarm;
import io.carillon.faults.stage.Node;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

/** F16: one of two instances with 10,000 connections is killed; all come to the other one. */
public final class Herd implements Fault {
  private static final int CONNECTIONS = 10_000;
  private static final int ROOMS = 100;

  @Override
  public String id() {
    return "F16";
  }

  @Override
  public String what() {
    return "kill one of two instances with 10,000 connections";
  }

  @Override
  public int instances() {
    return 2;
  }

  @Override
  public Map<String, String> settings() {
    // The instances are a minute old; the second compiler would take the cores from them.
    return Map.of("JVM_ARGS", "-Xmx3g -XX:TieredStopAtLevel=1");
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    String token = scene.ground().token("herd");
    try (Swarm herd = new Swarm(scene.direct(), token, scene.random())) {
      long coming = System.nanoTime();
      String ramp = CONNECTIONS + " come, 500 a second";
      scene.on(this, ramp);
      for (int i = 0; i < CONNECTIONS; i++) {
        herd.add("herd:" + i % ROOMS, "", i * 2);
      }
      if (!herd.awaitJoined(CONNECTIONS, 120_000)) {
        scene.fail("only " + herd.joined() + " connected at first");
      }
      scene.off(this, ramp);
      scene.note(
          "all there after ms",
          Long.toString((System.nanoTime() - coming) / 1_000_000),
          "refused " + herd.refused());
      Scene.pause(Duration.ofSeconds(5));
      long before = databaseConnections(scene);
      Node node = scene.stage().nodes().getLast();
      scene.on(this, "node 1");
      long start = System.nanoTime();
      node.kill();
      Scene.pause(Duration.ofMillis(500));
      if (!herd.awaitJoined(CONNECTIONS, 60_000)) {
        scene.fail("only " + herd.joined() + " were back after 60 s");
      }
      scene.note(
          "back after ms",
          Long.toString((System.nanoTime() - start) / 1_000_000),
          "attempts " + herd.connects(),
          "refused " + herd.refused(),
          "resyncs " + herd.resyncs(),
          "database connections " + before + " then " + databaseConnections(scene));
      if (herd.wrong() > 0) {
        scene.fail("wrong events: " + herd.wrong());
      }
      node.start();
      node.awaitReady();
      scene.off(this, "node 1");
    }
  }

  private static long databaseConnections(Scene scene) throws java.sql.SQLException {
    try (Connection connection = scene.stage().superuser().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select count(*) from pg_stat_activity where usename like 'carillon%'")) {
      row.next();
      return row.getLong(1);
    }
  }
}
