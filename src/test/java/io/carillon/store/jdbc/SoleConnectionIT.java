package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGConnectionPoolDataSource;

/** One connection, in turns. */
@Timeout(60)
class SoleConnectionIT {
  private static DatabaseAccess database;

  @BeforeAll
  static void database() {
    database = TestDatabase.migrated();
  }

  private static SoleConnection sole(Duration patience) {
    return sole(patience, 0);
  }

  private static SoleConnection sole(Duration patience, int socketSeconds) {
    PGConnectionPoolDataSource source = new PGConnectionPoolDataSource();
    source.setServerNames(new String[] {database.host()});
    source.setPortNumbers(new int[] {database.port()});
    source.setDatabaseName(database.name());
    source.setUser(database.appUser());
    source.setPassword(database.appPassword());
    source.setDefaultAutoCommit(true);
    source.setSocketTimeout(socketSeconds);
    return new SoleConnection(source, patience);
  }

  private static int session(Connection connection) throws SQLException {
    try (Statement s = connection.createStatement();
        ResultSet row = s.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static int session(SoleConnection sole) throws SQLException {
    try (Connection connection = sole.getConnection()) {
      assertTrue(connection.getAutoCommit());
      return session(connection);
    }
  }

  @Test
  void itIsKeptFromCallToCall() throws SQLException {
    try (SoleConnection sole = sole(Duration.ofSeconds(20))) {
      assertEquals(session(sole), session(sole));
    }
  }

  @Test
  void whoComesMeanwhileWaitsForTheTurn() throws Exception {
    try (SoleConnection sole = sole(Duration.ofSeconds(20))) {
      CompletableFuture<Integer> second;
      int first;
      try (Connection held = sole.getConnection()) {
        JdbcTemplate template = new JdbcTemplate(sole, "the session");
        second = CompletableFuture.supplyAsync(() -> template.with(SoleConnectionIT::session));
        first = session(held);
      }
      assertEquals(first, second.get());
    }
  }

  @Test
  void whoWaitsTooLongIsToldAndTheTurnIsNotLost() throws SQLException {
    try (SoleConnection sole = sole(Duration.ofMillis(20))) {
      try (Connection held = sole.getConnection()) {
        assertThrows(SQLTransientConnectionException.class, sole::getConnection);
        session(held);
      }
      session(sole);
    }
  }

  @Test
  void aBrokenOneIsOpenedAnewForTheNextCall() throws SQLException {
    try (SoleConnection sole = sole(Duration.ofSeconds(20));
        Connection other = database.app().getConnection();
        Statement ender = other.createStatement()) {
      int first = session(sole);
      ender.executeQuery("SELECT pg_terminate_backend(" + first + ", 10000)").close();
      assertThrows(SQLException.class, () -> session(sole));
      assertNotEquals(first, session(sole));
    }
  }

  @Test
  void oneThatDoesNotAnswerInTimeIsGivenUp() throws SQLException {
    try (SoleConnection sole = sole(Duration.ofSeconds(20), 1)) {
      int first = session(sole);
      for (int i = 0; i < 3; i++) {
        assertThrows(
            SQLException.class,
            () -> {
              try (Connection connection = sole.getConnection();
                  Statement s = connection.createStatement()) {
                s.execute("SELECT pg_sleep(5)");
              }
            });
      }
      assertNotEquals(first, session(sole));
    }
  }

  @Test
  void afterTheEndNobodyGetsIt() throws SQLException {
    SoleConnection sole = sole(Duration.ofSeconds(20));
    session(sole);
    sole.close();
    assertThrows(SQLTransientConnectionException.class, sole::getConnection);
  }
}
