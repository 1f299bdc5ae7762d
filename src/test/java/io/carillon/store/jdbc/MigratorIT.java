package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The migrations, the schema file and the rights. */
class MigratorIT {
  /** Everything of the schema as text lines, without days and Flyway's own table. */
  private static final List<String> DESCRIPTION =
      List.of(
          """
          SELECT format('column %s.%s %s null=%s default=%s identity=%s collation=%s', c.relname,
            a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
            pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attcollation::regcollation)
          FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
          LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
          WHERE c.relnamespace = 'carillon'::regnamespace AND c.relkind IN ('r', 'p')
            AND a.attnum > 0 AND NOT c.relispartition AND c.relname NOT LIKE 'flyway%'
          """,
          """
          SELECT format('relation %s kind=%s options=%s owner=%s rights=%s', c.relname, c.relkind,
            c.reloptions, pg_get_userbyid(c.relowner), c.relacl)
          FROM pg_class c WHERE c.relnamespace = 'carillon'::regnamespace
            AND NOT c.relispartition AND c.relname NOT LIKE 'flyway%'
          """,
          """
          SELECT format('constraint %s %s %s', c.conrelid::regclass, c.conname,
            pg_get_constraintdef(c.oid))
          FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
          WHERE c.connamespace = 'carillon'::regnamespace AND NOT r.relispartition
            AND r.relname NOT LIKE 'flyway%'
          """,
          """
          SELECT 'index ' || indexdef FROM pg_indexes i
          JOIN pg_class c ON c.relname = i.indexname AND c.relnamespace = 'carillon'::regnamespace
          WHERE i.schemaname = 'carillon' AND NOT c.relispartition AND i.tablename NOT LIKE 'flyway%'
          """,
          """
          SELECT format('function %s rights=%s owner=%s', pg_get_functiondef(p.oid), p.proacl,
            pg_get_userbyid(p.proowner))
          FROM pg_proc p WHERE p.pronamespace = 'carillon'::regnamespace
          """,
          """
          SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t
          JOIN pg_class c ON c.oid = t.tgrelid
          WHERE c.relnamespace = 'carillon'::regnamespace AND NOT t.tgisinternal
          """,
          """
          SELECT format('sequence %s %s %s %s', sequencename, data_type, increment_by, cache_size)
          FROM pg_sequences WHERE schemaname = 'carillon'
          """,
          "SELECT format('rows of relay_lease %s', count(*)) FROM carillon.relay_lease");

  private static List<String> describe(LogDatabase database) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (Connection connection = database.superuser().getConnection();
        Statement statement = connection.createStatement()) {
      for (String query : DESCRIPTION) {
        int before = lines.size();
        try (ResultSet rows = statement.executeQuery(query)) {
          while (rows.next()) {
            lines.add(rows.getString(1));
          }
        }
        assertNotEquals(before, lines.size(), "a query that sees nothing compares nothing");
      }
    }
    lines.sort(null);
    return lines;
  }

  @Test
  void theMigrationsAndTheSchemaFileAgree() throws Exception {
    LogDatabase migrated = LogDatabase.migrated();
    LogDatabase written = LogDatabase.empty();
    try (Connection connection = written.owner().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(Files.readString(Path.of("db/schema.sql")));
    }
    assertEquals(String.join("\n", describe(written)), String.join("\n", describe(migrated)));
    written.run("ALTER TABLE carillon.audit ADD planted int");
    assertNotEquals(describe(written), describe(migrated));
  }

  @Test
  void migratingTwiceAndAtOnceIsMigratingOnce() throws Exception {
    LogDatabase database = LogDatabase.empty();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> versions = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        versions.add(threads.submit(() -> new Migrator().migrate(database.owner())));
      }
      for (Future<String> version : versions) {
        assertEquals(versions.getFirst().get(), version.get());
      }
    }
    assertEquals(new Migrator().verify(database.app()), new Migrator().migrate(database.owner()));
  }

  @Test
  void withoutDdlRightsTheVersionIsOnlyAsserted() throws Exception {
    LogDatabase database = LogDatabase.empty();
    assertThrows(IllegalStateException.class, () -> new Migrator().verify(database.app()));
    assertThrows(IllegalStateException.class, () -> new Migrator().migrate(database.app()));
    String version = new Migrator().migrate(database.owner());
    assertEquals(version, new Migrator().verify(database.app()));
    database.run("DELETE FROM carillon.flyway_schema_history WHERE version = '" + version + "'");
    assertThrows(IllegalStateException.class, () -> new Migrator().verify(database.app()));
  }

  /** What a newer program leaves: one migration more than this one knows. */
  private static LogDatabase migratedByANewerProgram() throws SQLException {
    LogDatabase database = LogDatabase.migrated();
    database.run(
        """
        INSERT INTO carillon.flyway_schema_history (installed_rank, version, description, type,
          script, checksum, installed_by, execution_time, success)
        SELECT max(installed_rank) + 1, '9000', 'later', 'SQL', 'V9000__later.sql', 1,
          'carillon_owner', 1, true FROM carillon.flyway_schema_history
        """);
    return database;
  }

  @Test
  void anOlderProgramServesANewerSchemaThatSaysSo() throws Exception {
    LogDatabase database = migratedByANewerProgram();
    assertEquals("9000", new Migrator().verify(database.app()));
    assertEquals("9000", new Migrator().migrate(database.owner()));
  }

  @Test
  void anOlderProgramThatTheSchemaNoLongerServesIsToldWhatToDo() throws Exception {
    LogDatabase database = migratedByANewerProgram();
    database.run(
        "CREATE OR REPLACE FUNCTION carillon.oldest_program() RETURNS text"
            + " LANGUAGE sql IMMUTABLE RETURN '8999'");
    List<Executable> starts =
        List.of(
            () -> new Migrator().verify(database.app()),
            () -> new Migrator().migrate(database.owner()));
    for (Executable start : starts) {
      String told = assertThrows(IllegalStateException.class, start).getMessage();
      assertTrue(told.contains("serves programs from 8999 on"), told);
      assertTrue(told.contains("start a newer program"), told);
      assertFalse(told.contains("owner's role"), told);
    }
  }

  @Test
  void aDatabaseOnWhichNothingWouldRunIsLeftAsItIs() throws Exception {
    LogDatabase database = LogDatabase.inLatin1();
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> new Migrator().migrate(database.owner()));
    assertTrue(refused.getMessage().contains("LATIN1"), refused.getMessage());
    assertEquals(
        0, database.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'carillon'"));
    assertEquals(List.of(), DatabaseCheck.unsuitable("UTF8", 150_000, false));
    assertEquals(3, DatabaseCheck.unsuitable("LATIN1", 140_020, true).size());
  }

  @Test
  void aMissingRoleIsNamed() throws Exception {
    LogDatabase database = LogDatabase.empty();
    IllegalStateException failed =
        assertThrows(
            IllegalStateException.class,
            () -> new Migrator("nobody_there", "carillon_publisher").migrate(database.owner()));
    assertTrue(failed.getMessage().contains("nobody_there"));
    assertThrows(IllegalArgumentException.class, () -> new Migrator("a\"; DROP", "b"));
  }

  @Test
  void theServersRoleHasNoDdlAndCannotTouchTheLog() throws Exception {
    LogDatabase database = LogDatabase.migrated();
    try (Connection connection = database.app().getConnection();
        Statement statement = connection.createStatement()) {
      for (String forbidden :
          List.of(
              "CREATE TABLE carillon.mine (i int)",
              "CREATE TABLE public.mine (i int)",
              "ALTER TABLE carillon.audit ADD x int",
              "DROP TABLE carillon.audit",
              "INSERT INTO carillon.event SELECT * FROM carillon.event",
              "UPDATE carillon.event SET data = '1'",
              "DELETE FROM carillon.event",
              "TRUNCATE carillon.event",
              "UPDATE carillon.room_head SET seq = 0",
              "DELETE FROM carillon.dedupe",
              "DELETE FROM carillon.audit",
              "UPDATE carillon.relay_lease SET holder = 'me'",
              "SELECT carillon.new_epoch()",
              "SELECT carillon.drop_empty_days()",
              "CREATE ROLE mine")) {
        assertEquals(
            "42501",
            assertThrows(SQLException.class, () -> statement.execute(forbidden), forbidden)
                .getSQLState(),
            forbidden);
      }
    }
  }

  @Test
  void definersHaveAFixedSearchPathAndNothingIsOpenToAll() throws Exception {
    LogDatabase database = LogDatabase.migrated();
    assertEquals(
        0,
        database.number(
            """
            SELECT count(*) FROM pg_proc p WHERE p.pronamespace = 'carillon'::regnamespace
              AND p.prosecdef AND NOT EXISTS (SELECT FROM unnest(p.proconfig) c
                WHERE c = 'search_path=carillon, pg_temp')
            """));
    assertEquals(
        0,
        database.number(
            """
            SELECT count(*) FROM pg_proc p CROSS JOIN LATERAL
              aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
            WHERE p.pronamespace = 'carillon'::regnamespace AND a.grantee = 0
            """));
    assertFalse(new DatabaseCheck(database.app()).run().daysAhead() < 7);
  }
}
