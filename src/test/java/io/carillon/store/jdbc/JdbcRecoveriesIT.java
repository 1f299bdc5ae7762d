package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.spi.RecoveryStore.Owned;
import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions of guests, as two instances share them. */
@Timeout(60)
class JdbcRecoveriesIT {
  private static final Duration LIFE = Duration.ofMinutes(2);
  private static DatabaseAccess database;

  private final JdbcRecoveries here = new JdbcRecoveries(database.app());
  private final JdbcRecoveries there = new JdbcRecoveries(database.app());

  @BeforeAll
  static void database() {
    database = TestDatabase.migrated();
  }

  @Test
  void itIsTakenOverByItsUserAlone() {
    here.save(new Owned("p1", "c1"), "alice", "one", LIFE);
    here.save(new Owned("p1", "c1"), "alice", "two", LIFE);
    assertEquals(Optional.empty(), there.claim(new Owned("p1", "c2"), "bob", LIFE));
    assertEquals(Optional.empty(), there.claim(new Owned("p2", "c2"), "alice", LIFE));
    assertEquals(Optional.of("two"), there.claim(new Owned("p1", "c2"), "alice", LIFE));
  }

  @Test
  void theConnectionOfBeforeHasNoSayAnyMore() {
    here.save(new Owned("q1", "c1"), "alice", "one", LIFE);
    assertTrue(there.claim(new Owned("q1", "c2"), "alice", LIFE).isPresent());
    here.save(new Owned("q1", "c1"), "alice", "late", LIFE);
    here.forget(new Owned("q1", "c1"));
    here.keep(List.of(new Owned("q1", "c1")), Duration.ZERO);
    assertEquals(Optional.of("one"), here.claim(new Owned("q1", "c3"), "alice", LIFE));
    here.forget(new Owned("q1", "c3"));
    assertEquals(Optional.empty(), here.claim(new Owned("q1", "c4"), "alice", LIFE));
  }

  @Test
  void itEndsWhenNobodyKeepsIt() throws SQLException {
    here.save(new Owned("r1", "c1"), "alice", "one", LIFE);
    here.save(new Owned("r2", "c2"), "alice", "two", Duration.ZERO);
    here.keep(List.of(new Owned("r1", "c1"), new Owned("r2", "c9")), LIFE);
    assertEquals(Optional.empty(), there.claim(new Owned("r2", "c3"), "alice", LIFE));
    here.sweep();
    try (Connection c = database.app().getConnection();
        Statement s = c.createStatement();
        ResultSet rows = s.executeQuery("SELECT t::text FROM carillon.guest_session t")) {
      while (rows.next()) {
        assertFalse(rows.getString(1).contains("c2"));
        assertFalse(rows.getString(1).contains("r1"), "its name is kept hashed");
      }
    }
    assertEquals(Optional.of("one"), there.claim(new Owned("r1", "c3"), "alice", LIFE));
  }
}
