package io.carillon.store.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.Revocations;
import io.carillon.core.spi.StreamPasses.Pass;
import io.carillon.core.spi.StreamPasses.TicketReader;
import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.TestDatabase;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** Tickets, revocations and the leases of instances. */
@Timeout(60)
class SmallStoresIT {
  private static DatabaseAccess database;

  @BeforeAll
  static void database() {
    database = TestDatabase.migrated();
  }

  private static JdbcTickets tickets() {
    return new JdbcTickets(database.app(), new SecureRandom());
  }

  @Test
  void aTicketIsGoodOnceAndKeptHashed() throws SQLException {
    String ticket = tickets().issue("{\"sub\":\"alice\"}", Duration.ofSeconds(30));
    assertTrue(ticket.matches("[A-Za-z0-9_-]{43}"));
    assertNotEquals(ticket, tickets().issue("x", Duration.ofSeconds(30)));
    try (Connection c = database.app().getConnection();
        Statement s = c.createStatement();
        ResultSet rows = s.executeQuery("SELECT t::text FROM carillon.ticket t")) {
      while (rows.next()) {
        assertFalse(rows.getString(1).contains(ticket));
      }
    }
    assertEquals(Optional.empty(), tickets().redeem(ticket.replace(ticket.charAt(0), '!')));
    assertEquals(Optional.empty(), tickets().redeem(""));
    assertEquals(Optional.of("{\"sub\":\"alice\"}"), tickets().redeem(ticket));
    assertEquals(Optional.empty(), tickets().redeem(ticket));
  }

  private static TicketReader reader(String cookie, boolean brought, boolean resumes) {
    return new TicketReader(cookie, brought, "here", resumes);
  }

  @Test
  void aPassIsForItsTicketAndItsBrowser() {
    JdbcStreamPasses passes = new JdbcStreamPasses(database.app());
    Duration life = Duration.ofMinutes(15);
    Pass made = passes.make("t1", "claims", reader("c1", false, false), life, null);
    assertEquals("claims", made.claims());
    assertTrue(made.cookieLife().compareTo(life.minusSeconds(30)) > 0, made.toString());
    assertTrue(made.cookieLife().compareTo(life) <= 0, made.toString());

    assertEquals(Optional.empty(), passes.renew("t1", reader("c1", false, false), life));
    assertEquals(Optional.empty(), passes.renew("t1", reader("c2", true, false), life));
    assertEquals(Optional.empty(), passes.renew("t2", reader("c1", true, true), life));
    for (int again = 0; again < 3; again++) {
      assertEquals("claims", passes.renew("t1", reader("c1", true, false), life).get().claims());
    }
    // Its cookie has been brought back, so nobody is taken for it by the place any more.
    assertEquals(Optional.empty(), passes.renew("t1", reader("c2", true, true), life));
  }

  @Test
  void aPassWithoutACookieIsForWhoResumesFromItsPlace() {
    JdbcStreamPasses passes = new JdbcStreamPasses(database.app());
    Duration life = Duration.ofMinutes(15);
    passes.make("p1", "claims", reader("c1", false, false), life, null);
    TicketReader elsewhere = new TicketReader("c3", false, "elsewhere", true);
    assertEquals(Optional.empty(), passes.renew("p1", elsewhere, life));
    assertTrue(passes.renew("p1", reader("c3", false, true), life).isPresent());
    assertTrue(passes.renew("p1", reader("c4", true, true), life).isPresent(), "overwritten");
    assertTrue(passes.renew("p1", reader("c4", true, false), life).isPresent(), "known from then");
    assertEquals(Optional.empty(), passes.renew("p1", reader("c5", false, true), life));
  }

  @Test
  void aPassIsRenewedUpToItsEndAndTheCookieLivesAsLongAsTheLastOfItsPasses() throws SQLException {
    JdbcStreamPasses passes = new JdbcStreamPasses(database.app());
    Duration life = Duration.ofMinutes(15);
    TicketReader browser = reader("e1", true, false);
    Instant soon = Instant.now().plusSeconds(120);
    assertTrue(passes.make("e1", "a", browser, life, soon).cookieLife().toSeconds() <= 121);
    assertTrue(passes.renew("e1", browser, life).get().cookieLife().toSeconds() <= 121);
    assertTrue(passes.make("e2", "b", browser, life, null).cookieLife().toSeconds() > 800);
    assertTrue(passes.renew("e1", browser, life).get().cookieLife().toSeconds() > 800);
    // Short of its end it is renewed by as much as it lives, from each return on.
    assertTrue(
        passes.renew("e2", browser, Duration.ofHours(2)).get().cookieLife().toMinutes() > 100);

    passes.make("e3", "c", browser, life, Instant.now().minusSeconds(60));
    assertEquals(Optional.empty(), passes.renew("e3", browser, life));
    passes.make("e4", "d", browser, Duration.ofMillis(-1), null);
    assertEquals(Optional.empty(), passes.renew("e4", browser, life));
    passes.sweep();
    try (Connection c = database.app().getConnection();
        Statement s = c.createStatement();
        ResultSet row =
            s.executeQuery(
                "SELECT string_agg(claims, '' ORDER BY claims) FROM carillon.stream_pass"
                    + " WHERE claims IN ('a', 'b', 'c', 'd')")) {
      row.next();
      assertEquals("ab", row.getString(1));
    }
  }

  @Test
  void aTicketEndsByTimeAndIsSwept() throws SQLException {
    String ticket = tickets().issue("late", Duration.ofMillis(-1));
    assertEquals(Optional.empty(), tickets().redeem(ticket));
    tickets().issue("swept", Duration.ofMillis(-1));
    tickets().sweep();
    try (Connection c = database.app().getConnection();
        Statement s = c.createStatement();
        ResultSet row =
            s.executeQuery("SELECT count(*) FROM carillon.ticket WHERE claims = 'swept'")) {
      row.next();
      assertEquals(0, row.getInt(1));
    }
  }

  @Test
  void ofManyRedeemersOneGetsTheClaims() throws Exception {
    for (int round = 0; round < 10; round++) {
      String ticket = tickets().issue("c", Duration.ofSeconds(30));
      CountDownLatch start = new CountDownLatch(1);
      try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Optional<String>>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          all.add(
              executor.submit(
                  () -> {
                    start.await();
                    return tickets().redeem(ticket);
                  }));
        }
        start.countDown();
        int good = 0;
        for (Future<Optional<String>> one : all) {
          good += one.get().isPresent() ? 1 : 0;
        }
        assertEquals(1, good);
      }
    }
  }

  @Test
  void theLatestRevocationHolds() {
    JdbcRevocations revocations = revocations();
    Instant early = Instant.parse("2026-01-01T00:00:00.123456Z");
    revocations.revoke("alice", early.plusSeconds(5));
    revocations.revoke("alice", early);
    revocations.revoke("bób", early);
    Map<String, Instant> all = revocations.since(Instant.EPOCH).before();
    assertEquals(early.plusSeconds(5), all.get("alice"));
    assertEquals(early, revocations().since(Instant.EPOCH).before().get("bób"));
  }

  @Test
  void kicksAreReadByWhatIsNewWithTheTimeOfTheLatestAndForgotten() {
    JdbcKicks kicks = new JdbcKicks(database.app(), database.app());
    Instant begun = kicks.since(Instant.EPOCH).asOf();
    kicks.kick("eve");
    Instant first = kicks.since(begun).at().get("eve");
    assertTrue(first.isAfter(begun));
    kicks.kick("eve");
    kicks.kick("bób");
    Map<String, Instant> later = kicks.since(first).at();
    assertEquals(Set.of("eve", "bób"), later.keySet());
    assertTrue(later.get("eve").isAfter(first));
    assertEquals(Map.of(), kicks.since(kicks.since(first).asOf()).at());
    kicks.forget(Duration.ofHours(1));
    assertEquals(2, kicks.since(begun).at().size());
    kicks.forget(Duration.ofSeconds(-1));
    assertEquals(Map.of(), kicks.since(begun).at());
  }

  @Test
  void revocationsAreReadByWhatIsNewAndForgotten() throws SQLException {
    JdbcRevocations revocations = revocations();
    try (Connection c = database.app().getConnection();
        Statement s = c.createStatement()) {
      s.execute(
          "INSERT INTO carillon.revocation (username, issued_before, at)"
              + " SELECT 'old' || n, now(), now() - interval '1 day'"
              + " FROM generate_series(1, 20000) n");
    }
    Instant before = revocations.since(Instant.now()).asOf();
    assertEquals(Map.of(), revocations.since(before).before());
    revocations.revoke("newest", before);

    Revocations.RevocationChanges changes = revocations.since(before);
    assertEquals(Map.of("newest", before), changes.before());
    assertFalse(changes.asOf().isBefore(before));

    revocations.forget(Duration.ofHours(12));
    Map<String, Instant> left = revocations.since(Instant.EPOCH).before();
    assertTrue(left.containsKey("newest"));
    assertFalse(left.containsKey("old1"), () -> left.size() + " are left");
  }

  private static JdbcRevocations revocations() {
    return new JdbcRevocations(database.app(), database.app());
  }

  @Test
  void aBeatSaysWhetherTheLeaseWasOver() {
    JdbcInstances one = instances("one");
    assertTrue(one.renew("{\"version\":\"1\"}").revived(), "it was never there");
    assertFalse(one.renew("{\"version\":\"2\"}").revived());
    assertTrue(one.live().stream().anyMatch(l -> l.id().equals("one") && l.version().equals("2")));
    one.draining(Duration.ofSeconds(30));
    assertTrue(one.live().stream().anyMatch(l -> l.id().equals("one") && l.draining()));
    one.bye();
    assertFalse(one.live().stream().anyMatch(l -> l.id().equals("one")));
    assertTrue(one.renew("{}").revived());
  }

  @Test
  void whatCannotBeReachedSaysSo() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setServerNames(new String[] {"127.0.0.1"});
    nowhere.setPortNumbers(new int[] {1});
    assertThrows(
        LogUnavailableException.class,
        () -> new JdbcRevocations(nowhere, nowhere).since(Instant.EPOCH));
    assertThrows(
        LogUnavailableException.class,
        () -> new JdbcTickets(nowhere, new SecureRandom()).redeem("A".repeat(43)));
  }

  private static JdbcInstances instances(String id) {
    return new JdbcInstances(database.app(), id, Duration.ofMinutes(1));
  }
}
