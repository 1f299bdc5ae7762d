package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.EventName;
import io.carillon.core.RefusedException;
import io.carillon.core.json.Payload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What SQL publishes is within the limits of the wire, or refused inside the transaction. */
class SqlLimitsIT {
  private static final String PUBLISH = "SELECT carillon.publish('limits:x', 'n', ?::jsonb)";
  private static final String PUBLISH_AS = "SELECT carillon.publish_as('by', 'limits:x', 'n', ?)";

  private static LogDatabase database;

  @BeforeAll
  static void start() {
    database = LogDatabase.migrated();
  }

  @Test
  void aTextIsRefusedExactlyWhenTheWireRefusesIt() throws Exception {
    for (String text : texts().keySet()) {
      boolean wire = wireTakes(text);
      assertEquals(wire, texts().get(text), () -> "on the wire: " + text);
      assertEquals(wire, refusal(PUBLISH_AS, text).isEmpty(), () -> "by SQL: " + text);
    }
  }

  @Test
  void aNameIsRefusedExactlyWhenTheWireRefusesIt() throws Exception {
    for (String name :
        List.of(
            "n",
            "App\\Events\\Told",
            "a/b:c_d-e.f",
            "x".repeat(200),
            "x".repeat(201),
            "a b",
            "carillon:x",
            "é",
            "a@b",
            "a]b",
            "")) {
      boolean wire = isName(name);
      String sql = "SELECT carillon.publish('limits:x', ?, '1')";
      assertEquals(wire, refusal(sql, name).isEmpty(), () -> "by SQL: " + name);
    }
  }

  private static boolean isName(String name) {
    try {
      return new EventName(name).value().equals(name);
    } catch (RefusedException refused) {
      return false;
    }
  }

  /** Texts, and whether they are within the limits. */
  private static Map<String, Boolean> texts() {
    String digits = "1".repeat(64);
    return Map.ofEntries(
        Map.entry(digits, true),
        Map.entry("[-" + digits + "]", false),
        Map.entry("{\"a\":" + digits + "1}", false),
        Map.entry("{\"a\":\"" + digits + "1\"}", true),
        Map.entry("[\"" + digits + "\",\"" + digits + "\"," + digits + "," + digits + "]", true),
        Map.entry("[\"\\\\\"," + digits + "0]", false),
        Map.entry("[\"\\\"\"," + digits + ",\"[[{\\\\\"]", true),
        Map.entry("1e999", true),
        Map.entry("[1E+999, 1e-999]", true),
        Map.entry("[1e1000]", false),
        Map.entry("[1e0001]", false),
        Map.entry("\"1e1000\"", true),
        Map.entry("[true,false,null,2000]", true),
        Map.entry("[".repeat(32) + "]".repeat(32), true),
        Map.entry("[".repeat(33) + "]".repeat(33), false),
        Map.entry("{\"a\":".repeat(33) + "1" + "}".repeat(33), false),
        Map.entry("[{\"a\":".repeat(16) + "1" + "}]".repeat(16), true),
        Map.entry("[{\"a\":".repeat(16) + "[]" + "}]".repeat(16), false),
        Map.entry("[" + "[],{},".repeat(100) + "1]", true),
        Map.entry("[\"" + "[".repeat(100) + "\"]", true));
  }

  private static boolean wireTakes(String text) {
    try {
      Payload.data(text);
      return true;
    } catch (RefusedException refused) {
      return false;
    }
  }

  @Test
  void whatJsonbWritesOutIsRefusedWithItsReason() throws Exception {
    assertEquals("", refusal(PUBLISH, "[1e63, -1e62, 0.10, 9007199254740993]"));
    for (String number : new String[] {"1e64", "-1e63", "1e400", "1e-63", "1e131071"}) {
      String message = refusal(PUBLISH, "{\"n\":" + number + "}");
      assertTrue(
          message.contains("bad_data: a number has more than 64 characters")
              || message.contains("too_large: data is larger than 65536 bytes"),
          number + ": " + message);
    }
    assertTrue(
        refusal(PUBLISH, "[".repeat(200) + "]".repeat(200))
            .contains("bad_data: nested deeper than 32"));
  }

  @Test
  void theLimitOfANamespaceHolds() throws Exception {
    database.run(
        "INSERT INTO carillon.namespace_settings (namespace, data_limit, updated_by)"
            + " VALUES ('tiny', 10, 'it'), ('default', 20, 'it')");
    try (Connection connection = database.superuser().getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT carillon.publish(?, 'n', ?::jsonb)")) {
      for (String[] room : new String[][] {{"tiny:a", "10"}, {"plain", "20"}, {"other:a", "99"}}) {
        int limit = Integer.parseInt(room[1]);
        statement.setString(1, room[0]);
        statement.setString(2, '"' + "x".repeat(limit - 2) + '"');
        statement.executeQuery().close();
        if (limit < 99) {
          statement.setString(2, '"' + "x".repeat(limit - 1) + '"');
          SQLException refused = assertThrows(SQLException.class, statement::executeQuery);
          assertTrue(
              refused.getMessage().contains("too_large: data is larger than " + limit + " bytes"));
        }
      }
    }
  }

  /** What the database says; empty: it was taken. */
  private static String refusal(String sql, String text) throws SQLException {
    try (Connection connection = database.superuser().getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, text);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return "";
      } catch (SQLException refused) {
        assertEquals("22023", refused.getSQLState(), refused::getMessage);
        return String.valueOf(refused.getMessage());
      }
    }
  }
}
