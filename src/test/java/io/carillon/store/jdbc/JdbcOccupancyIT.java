package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.carillon.core.RoomName;
import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who reads what, as instances tell each other. */
@Timeout(60)
class JdbcOccupancyIT {
  private static final RoomName X = new RoomName("occupancy:x");
  private static final RoomName Y = new RoomName("occupancy:y");

  private final DatabaseAccess database = TestDatabase.migrated();
  private final JdbcOccupancy a = new JdbcOccupancy(database.app(), "a");
  private final JdbcOccupancy b = new JdbcOccupancy(database.app(), "b");

  @BeforeEach
  void live() {
    instances("a").renew("{}");
    instances("b").renew("{}");
  }

  private JdbcInstances instances(String id) {
    return new JdbcInstances(database.app(), id, Duration.ofMinutes(10));
  }

  private void run(String sql) throws SQLException {
    try (Connection c = TestDatabase.shared().superuser(database.name()).getConnection();
        Statement s = c.createStatement()) {
      s.execute(sql);
    }
  }

  /** Where each row lies and who has touched it last. */
  private List<String> rows() throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection c = TestDatabase.shared().superuser(database.name()).getConnection();
        Statement s = c.createStatement();
        ResultSet found =
            s.executeQuery(
                "SELECT room, instance, connections, ctid, xmin, xmax FROM carillon.occupancy"
                    + " ORDER BY room, instance")) {
      while (found.next()) {
        rows.add(
            found.getString(1)
                + ' '
                + found.getString(2)
                + ' '
                + found.getInt(3)
                + ' '
                + found.getString(4)
                + ' '
                + found.getString(5)
                + ' '
                + found.getString(6));
      }
    }
    return rows;
  }

  @Test
  void whatHasNotChangedIsNotWritten() throws SQLException {
    a.report(Map.of(X, 1, Y, 2));
    List<String> before = rows();
    a.report(Map.of(X, 1, Y, 2));
    assertEquals(before, rows());
    a.report(Map.of(X, 3, Y, 2));
    List<String> after = rows();
    assertNotEquals(before.get(0), after.get(0));
    assertEquals(before.get(1), after.get(1));
    assertEquals(3, b.elsewhere(X));
    assertEquals(List.of(X, Y), b.occupied("occupancy:", 10));
    a.report(Map.of(Y, 2));
    assertEquals(List.of(Y), b.occupied("occupancy:", 10));
  }

  @Test
  void whatAnInstanceHasToldVanishesWithItsLeaseAndComesBackWithIt() throws SQLException {
    a.report(Map.of(X, 5));
    b.report(Map.of(X, 1));
    instances("a").bye();
    assertEquals(0, b.elsewhere(X));
    assertEquals(2, rows().size(), "nobody has swept yet");
    b.report(Map.of(X, 1));
    assertEquals(1, rows().size(), "the row of a dead instance is swept");
    instances("a").renew("{}");
    a.report(Map.of(X, 5));
    assertEquals(5, b.elsewhere(X));
  }

  /** It counts by the time in the row alone, and tells each row anew every two seconds. */
  @Test
  void aServerOfTheVersionBeforeIsUnderstoodAndUnderstands() throws SQLException {
    a.report(Map.of(X, 5));
    run(
        "INSERT INTO carillon.occupancy (room, instance, connections, seen)"
            + " VALUES ('occupancy:x', 'b', 2, clock_timestamp())");
    assertEquals(2, a.elsewhere(X));
    run("UPDATE carillon.occupancy SET seen = seen - interval '30 s'");
    assertEquals(0, a.elsewhere(X), "it has said nothing for a while");
    assertEquals(
        1,
        rowsWhere("instance = 'a' AND seen > clock_timestamp() - interval '10 s'"),
        "as the version before reads it");
    run("UPDATE carillon.occupancy SET seen = clock_timestamp() + interval '1 s'");
    a.report(Map.of(X, 5));
    assertEquals(1, rowsWhere("seen > clock_timestamp() + interval '200 s'"), "moved on in time");
  }

  private int rowsWhere(String condition) throws SQLException {
    try (Connection c = TestDatabase.shared().superuser(database.name()).getConnection();
        Statement s = c.createStatement();
        ResultSet row =
            s.executeQuery("SELECT count(*) FROM carillon.occupancy WHERE " + condition)) {
      row.next();
      return row.getInt(1);
    }
  }
}
