package io.carillon.faults.fault;

import io.carillon.faults.Plan;
import io.carillon.faults.stage.Node;
import io.carillon.kit.client.Calls;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * F25: all connections of every instance's pool are held for longer than withdrawn rights may be
 * unknown and than a lease lasts. Not noted as a fault: delivery has to go on as in quiet times, so
 * whatever comes late is named.
 */
final class HeldPool implements Fault {
  private static final int POOL = 4;
  private static final Duration HELD = Duration.ofSeconds(9);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Override
  public String id() {
    return "F25";
  }

  @Override
  public String what() {
    return "all connections of the pools are held for nine seconds";
  }

  /** Members are kept by way of the pool, so they have to wait. */
  @Override
  public Plan plan() {
    return Plan.usual().withoutMembers();
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("CARILLON_DATABASE_POOL", Integer.toString(POOL));
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    hold(scene, length, "carillon.ticket");
  }

  /** Holds the pools again and again by locks on these tables. */
  static void hold(Scene scene, Duration length, String tables) throws Exception {
    long end = System.nanoTime() + length.toNanos();
    do {
      try (Connection holder = scene.stage().superuser().getConnection();
          Statement lock = holder.createStatement()) {
        holder.setAutoCommit(false);
        lock.execute("lock table " + tables + " in access exclusive mode");
        List<Thread> waiting = askForTickets(scene);
        awaitHeld(scene, POOL * scene.stage().nodes().size());
        Scene.pause(HELD);
        instancesLive(scene);
        holder.rollback();
        for (Thread thread : waiting) {
          thread.join();
        }
      }
      scene.pause(3_000, 5_000);
    } while (System.nanoTime() < end);
  }

  private static List<Thread> askForTickets(Scene scene) {
    List<Thread> waiting = new ArrayList<>();
    for (Node node : scene.stage().nodes()) {
      Calls calls = new Calls(scene.ground().http(), node.address(), scene.ground().token("f25"));
      for (int i = 0; i < POOL; i++) {
        waiting.add(Thread.ofVirtual().start(() -> calls.send("POST", "/api/tickets", "")));
      }
    }
    return waiting;
  }

  private static void awaitHeld(Scene scene, int connections)
      throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String waiting =
        "select count(*) from pg_locks where not granted"
            + " and relation = 'carillon.ticket'::regclass";
    while (number(scene, waiting) < connections) {
      if (System.nanoTime() > deadline) {
        scene.fail("the pools could not be held: " + number(scene, waiting));
        return;
      }
      Scene.pause(Duration.ofMillis(50));
    }
  }

  private static void instancesLive(Scene scene) throws SQLException {
    long live =
        number(scene, "select count(*) from carillon.instance where expires > clock_timestamp()");
    if (live < scene.stage().nodes().size()) {
      scene.fail("only " + live + " instances have kept their lease");
    }
  }

  static long number(Scene scene, String query) throws SQLException {
    try (Connection connection = scene.stage().superuser().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }
}
