package io.carillon.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The test database gives what the other tests take for granted. */
final class TestDatabaseIT {
  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  @Test
  void aMigratedDatabaseHasTheSchemaAndItsOwner() throws SQLException {
    DatabaseAccess access = TestDatabase.migrated();
    assertEquals(
        "carillon_owner",
        text(
            access.owner(),
            "select tableowner from pg_tables where schemaname = 'carillon' and tablename ="
                + " 'room'"));
  }

  @Test
  void theApplicationMayReadButNotDefineAnything() throws SQLException {
    DatabaseAccess access = TestDatabase.migrated();
    assertEquals("0", text(access.app(), "select count(*) from carillon.room"));
    for (String ddl :
        new String[] {
          "create table carillon.mine (id int)",
          "create table public.mine (id int)",
          "create schema mine",
          "create temporary table mine (id int)",
          "drop table carillon.room cascade",
          "truncate carillon.event"
        }) {
      SQLException refused =
          assertThrows(
              SQLException.class, () -> run(access.app(), ddl), () -> ddl + " was allowed");
      assertEquals(INSUFFICIENT_PRIVILEGE, refused.getSQLState(), ddl);
    }
  }

  @Test
  void twoDatabasesAreStrangers() throws SQLException {
    DatabaseAccess one = TestDatabase.migrated();
    DatabaseAccess other = TestDatabase.migrated();
    run(one.owner(), "create table carillon.only_here (id int)");
    assertEquals("carillon.only_here", text(one.owner(), "select 'carillon.only_here'::regclass"));
    assertThrows(
        SQLException.class, () -> text(other.owner(), "select 'carillon.only_here'::regclass"));
  }

  @Test
  void aDurableServerSyncs() throws Exception {
    try (var server = TestDatabase.durable()) {
      assertEquals("on", text(server.getPostgresDatabase(), "show fsync"));
      assertTrue(server.getPort() > 0);
    }
  }

  private static void run(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String text(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertTrue(row.next());
      return row.getString(1);
    }
  }
}
