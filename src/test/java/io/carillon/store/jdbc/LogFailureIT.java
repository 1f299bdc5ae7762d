package io.carillon.store.jdbc;

import static io.carillon.store.jdbc.LogInstance.appended;
import static io.carillon.store.jdbc.LogInstance.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.ErrorCode;
import io.carillon.core.Rejection;
import io.carillon.core.RoomName;
import io.carillon.core.spi.AppendResult;
import io.carillon.core.spi.AppendResult.Appended;
import io.carillon.core.spi.LogUnavailableException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What a publish is answered when the database is slow, gone, full or not to be trusted. */
class LogFailureIT {
  private static final RoomName ROOM = new RoomName("failures");

  private LogDatabase database;

  @BeforeEach
  void migrate() throws Exception {
    database = LogDatabase.migrated();
  }

  /** Lets every insert of an event named so run a statement first. */
  private void onInsert(String body) throws Exception {
    database.run(
        "CREATE FUNCTION public.trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            + body
            + " RETURN NEW; END $$;"
            + " CREATE TRIGGER trouble BEFORE INSERT ON carillon.event"
            + " FOR EACH ROW EXECUTE FUNCTION public.trouble();"
            + " GRANT USAGE ON SCHEMA public TO carillon_owner;"
            + " GRANT pg_signal_backend TO carillon_owner;");
  }

  @Test
  void anAbandonedCallIsUnknownAndTheRetryWithTheKeyResolvesIt() throws Exception {
    LogSettings quick = LogSettings.DEFAULTS.withWriters(1).withDeadline(Duration.ofSeconds(2));
    try (MutableProxy proxy = new MutableProxy(database.port());
        LogInstance one = new LogInstance(through(proxy), quick)) {
      appended(one.publish(ROOM, "0"));
      proxy.mute(true); // the database commits, its answer never comes
      CompletableFuture<AppendResult> keyed = one.publish(ROOM, "my key", "\"first\"");
      Rejection rejection = refused(keyed).rejection();
      proxy.mute(false);
      assertEquals(ErrorCode.UNKNOWN, rejection.code());
      assertEquals("my key", rejection.id());
      Appended retried = appended(one.publish(ROOM, "my key", "\"second\""));
      assertEquals(2, retried.seq());
      assertTrue(retried.duplicate());
      assertEquals("\"first\"", one.log().after(ROOM, 1, 1).events().getFirst().content().text());

      proxy.mute(true);
      String id = refused(one.publish(ROOM, "\"unkeyed\"")).rejection().id();
      proxy.mute(false);
      assertEquals(
          new Appended(retried.epoch(), 3, id, true), appended(one.publish(ROOM, id, "1")));
    }
  }

  private PGSimpleDataSource through(MutableProxy proxy) {
    PGSimpleDataSource source = database.app();
    source.setPortNumbers(new int[] {proxy.port()});
    source.setLoginTimeout(5);
    return source;
  }

  @Test
  void aCallThatTakesTooLongIsAbandonedAndStoredOnceAtMost() throws Exception {
    LogSettings quick = LogSettings.DEFAULTS.withDeadline(Duration.ofSeconds(1));
    try (LogInstance one = new LogInstance(database.app(), quick)) {
      appended(one.publish(ROOM, "0"));
      onInsert("IF NEW.data = '\"slow\"' THEN PERFORM pg_sleep(3); END IF;");
      Rejection rejection = refused(one.publish(ROOM, "my key", "\"slow\"")).rejection();
      assertEquals(ErrorCode.UNKNOWN, rejection.code());
      database.run("DROP TRIGGER trouble ON carillon.event"); // waits until the slow one is over
      Appended retried = appended(one.publish(ROOM, "my key", "\"quick\""));
      assertEquals(2, retried.seq());
      assertEquals(
          retried.duplicate() ? "\"slow\"" : "\"quick\"",
          one.log().after(ROOM, 1, 5).events().getFirst().content().text());
      assertEquals(2, one.log().heads(List.of(ROOM)).get(ROOM).seq());
    }
  }

  @Test
  void aConnectionKilledInTheMiddleIsReplacedAndNobodyNotices() throws Exception {
    try (LogInstance one = new LogInstance(database.app(), LogSettings.DEFAULTS.withWriters(1))) {
      appended(one.publish(ROOM, "0"));
      database.run("CREATE SEQUENCE public.tries; GRANT ALL ON public.tries TO carillon_owner");
      onInsert(
          "IF NEW.data = '\"kill\"' AND nextval('public.tries') = 1 THEN"
              + " PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(0.1); END IF;");
      Appended done = appended(one.publish(ROOM, "\"kill\""));
      assertEquals(2, done.seq());
      assertFalse(done.duplicate());
      assertEquals(2, database.number("SELECT last_value FROM public.tries"));
      assertEquals(2, one.committed(ROOM).size());
      assertEquals(3, appended(one.publish(ROOM, "2")).seq());
    }
  }

  @Test
  void whatARetryFoundHasTheStoredTime() throws Exception {
    LogSettings quick = LogSettings.DEFAULTS.withWriters(1);
    try (LogInstance one = new LogInstance(database.app(), quick)) {
      appended(one.publish(ROOM, "0"));
      try (MutableProxy proxy = new MutableProxy(database.port());
          LogInstance far = new LogInstance(through(proxy), quick)) {
        appended(far.publish(ROOM, "1"));
        proxy.mute(true);
        CompletableFuture<AppendResult> answer = far.publish(ROOM, "2");
        while (database.number("SELECT count(*) FROM carillon.event") < 3) {
          Thread.sleep(5);
        }
        proxy.mute(false); // what the commit was answered is lost by now
        database.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                + " current_database() AND application_name LIKE 'carillon writer%'");
        assertEquals(3, appended(answer).seq());
        assertEquals(
            far.log().after(ROOM, 2, 1).events().getFirst(), far.committed(ROOM).getLast());
      }
    }
  }

  @Test
  void aFullDiskIsStorageAndHealsByItself() throws Exception {
    try (LogInstance one = new LogInstance(database)) {
      appended(one.publish(ROOM, "0"));
      onInsert("RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100';");
      assertEquals(ErrorCode.STORAGE, refused(one.publish(ROOM, "1")).rejection().code());
      assertEquals(1, one.log().after(ROOM, 0, 10).events().size());
      database.run("DROP TRIGGER trouble ON carillon.event");
      assertEquals(2, appended(one.publish(ROOM, "2")).seq());
    }
  }

  @Test
  void aWarningWithTheCommitMeansUnknown() throws Exception {
    try (LogInstance one = new LogInstance(database)) {
      appended(one.publish(ROOM, "0"));
      onInsert(
          "IF NEW.data = '1' THEN"
              + " RAISE WARNING 'canceling wait for synchronous replication'; END IF;");
      Rejection rejection = refused(one.publish(ROOM, "1")).rejection();
      assertEquals(ErrorCode.UNKNOWN, rejection.code());
      assertEquals(3, appended(one.publish(ROOM, "2")).seq());
    }
  }

  @Test
  void aWarningAtTheLogInConcernsNoCommit() throws Exception {
    database.run("UPDATE pg_database SET datcollversion = '0' WHERE datname = current_database()");
    loudly();
  }

  @Test
  void aNoticeOfALogInTriggerConcernsNoCommit() throws Exception {
    database.run(
        "CREATE FUNCTION public.welcome() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " RAISE NOTICE 'welcome'; RAISE WARNING 'take care'; END $$;"
            + " CREATE EVENT TRIGGER welcome ON login EXECUTE FUNCTION public.welcome()");
    loudly();
  }

  /** Publishes directly and inside a transaction, where each log-in says something. */
  private void loudly() throws Exception {
    try (Connection connection = database.app().getConnection()) {
      assertNotNull(connection.getWarnings(), "the log-in says nothing");
    }
    try (LogInstance one = new LogInstance(database);
        OutboxRelay relay = one.relay("one")) {
      assertEquals(1, appended(one.publish(ROOM, "0")).seq());
      database.run("SELECT carillon.publish('" + ROOM.value() + "', 'inside', '1')");
      while (one.committed(ROOM).size() < 2) {
        Thread.sleep(5);
      }
      assertEquals(3, appended(one.publish(ROOM, "2")).seq());
      assertEquals(1, relay.relayed());
      assertTrue(relay.leading());
    }
  }

  @Test
  void aNoticeWithACommitIsNoDoubt() throws Exception {
    try (LogInstance one = new LogInstance(database)) {
      onInsert("RAISE NOTICE 'by the way';");
      assertEquals(1, appended(one.publish(ROOM, "0")).seq());
    }
  }

  @Test
  void aStandbyThatDidNotConfirmMeansUnknown() throws Exception {
    String waiting = " FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND datname = '%s'";
    waiting = String.format(waiting, database.name());
    try (LogInstance one = new LogInstance(database.app(), LogSettings.DEFAULTS.withWriters(1))) {
      appended(one.publish(ROOM, "0"));
      database.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
      int key = 0;
      try {
        database.run("SELECT pg_reload_conf()");
        CompletableFuture<AppendResult> answer = one.publish(ROOM, "key 0", "1");
        while (database.number("SELECT count(*)" + waiting) == 0) {
          if (answer.isDone()) { // the setting is not in force yet
            answer = one.publish(ROOM, "key " + ++key, "1");
          }
        }
        database.run("SELECT pg_cancel_backend(pid)" + waiting);
        assertEquals(ErrorCode.UNKNOWN, refused(answer).rejection().code());
      } finally {
        database.run("ALTER SYSTEM RESET synchronous_standby_names");
        database.run("SELECT pg_reload_conf()");
      }
      assertTrue(appended(one.publish(ROOM, "key " + key, "1")).duplicate());
    }
  }

  @Test
  void aTwinOfAParkedPublishIsStored() throws Exception {
    LogSettings quick = LogSettings.DEFAULTS.withWriters(1).withDeadline(Duration.ofMillis(1500));
    try (LogInstance one = new LogInstance(database.app(), quick)) {
      appended(one.publish(ROOM, "0"));
      CompletableFuture<AppendResult> twin;
      try (Lock held = new Lock(database, ROOM)) {
        CompletableFuture<AppendResult> first = one.publish(ROOM, "my key", "1");
        Thread.sleep(900);
        twin = one.publish(ROOM, "my key", "1");
        refused(first);
        assertFalse(twin.isDone());
        held.assertHeld();
      }
      Appended stored = appended(twin);
      assertEquals(2, stored.seq());
      assertFalse(stored.duplicate());
    }
  }

  @Test
  void aDatabaseThatRefusesEverythingGetsFewSessions() throws Exception {
    try (LogInstance one = new LogInstance(database)) {
      appended(one.publish(ROOM, "0"));
      onInsert("RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100';");
      assertTrue(sessionsFor200Refusals(one) <= 10);
      database.run("DROP TRIGGER trouble ON carillon.event");
      assertEquals(2, appended(one.publish(ROOM, "2")).seq());
    }
  }

  @Test
  void aDatabaseThatLosesEveryCallGetsFewSessions() throws Exception {
    LogSettings quick = LogSettings.DEFAULTS.withDeadline(Duration.ofMillis(300));
    try (LogInstance one = new LogInstance(database.app(), quick)) {
      appended(one.publish(ROOM, "0"));
      onInsert("RAISE EXCEPTION 'unforeseen' USING ERRCODE = 'XX000';");
      assertTrue(sessionsFor200Refusals(one) <= 20);
    }
  }

  /** 200 publishes in two seconds, all refused; how many sessions were opened meanwhile. */
  private long sessionsFor200Refusals(LogInstance one) throws Exception {
    String sessions =
        "SELECT sessions FROM (SELECT pg_stat_clear_snapshot()) c, pg_stat_database"
            + " WHERE datname = current_database()";
    long before = database.number(sessions);
    List<CompletableFuture<AppendResult>> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      answers.add(one.publish(new RoomName("failures:" + i % 8), "1"));
      Thread.sleep(10);
    }
    for (CompletableFuture<AppendResult> answer : answers) {
      refused(answer);
    }
    return database.number(sessions) - before;
  }

  @Test
  void aLogThatHasNotStartedRefusesAtOnce() {
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    try (timer;
        JdbcEventLog log =
            new JdbcEventLog(
                database.app(), database.app(), LogSettings.DEFAULTS, Runnable::run, timer)) {
      CompletableFuture<AppendResult> answer =
          log.append(LogInstance.publication(ROOM, "id", false, "1"));
      assertTrue(answer.isDone());
      assertEquals(
          ErrorCode.STORAGE, ((AppendResult.NotAppended) answer.join()).rejection().code());
    }
  }

  @Test
  void aSessionThatFallsSilentWhileItOpensIsGivenUp() throws Exception {
    LogSettings quick = LogSettings.DEFAULTS.withWriters(1).withDeadline(Duration.ofSeconds(1));
    try (MutableProxy proxy = new MutableProxy(database.port())) {
      proxy.muteAfter("lock_timeout"); // our first statement
      try (LogInstance one = new LogInstance(through(proxy), quick);
          OutboxRelay relay = one.relay("one")) {
        assertEquals(ErrorCode.STORAGE, refused(one.publish(ROOM, "1")).rejection().code());
        proxy.muteAfter("");
        Thread.sleep(2000);
        assertEquals(1, appended(one.publish(ROOM, "2")).seq());
        while (!relay.leading()) {
          Thread.sleep(5);
        }
      }
    }
  }

  @Test
  void theIsolationIsOurs() throws Exception {
    database.run(
        "ALTER ROLE carillon_app IN DATABASE "
            + database.name()
            + " SET default_transaction_isolation = 'repeatable read'");
    DatabaseCheck.DatabaseReport report = new DatabaseCheck(database.app()).run();
    assertEquals(
        List.of("transactions are repeatable read, not read committed"), report.refusals());
    try (LogInstance one = new LogInstance(database);
        LogInstance two = new LogInstance(database)) {
      appended(one.publish(ROOM, "0"));
      String lax = "SELECT count(*) FROM carillon.event WHERE name = 'test'";
      List<CompletableFuture<AppendResult>> answers = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        answers.add((i % 2 == 0 ? one : two).publish(ROOM, "1"));
      }
      for (CompletableFuture<AppendResult> answer : answers) {
        appended(answer);
      }
      assertEquals(501, database.number(lax));
    }
    try (Connection connection =
            Sessions.open(database.app(), "test", LogSettings.DEFAULTS, new Notices("test"));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW transaction_isolation")) {
      row.next();
      assertEquals("read committed", row.getString(1));
    }
  }

  @Test
  void withoutADatabasePublishesWaitForItUntilTheirDeadline() throws Exception {
    PGSimpleDataSource nowhere = database.app();
    nowhere.setPortNumbers(new int[] {1});
    LogSettings quick = LogSettings.DEFAULTS.withDeadline(Duration.ofMillis(400));
    try (LogInstance one = new LogInstance(nowhere, quick)) {
      assertEquals(ErrorCode.STORAGE, refused(one.publish(ROOM, "1")).rejection().code());
      assertFalse(one.log().connected());
      assertThrows(LogUnavailableException.class, () -> one.log().heads(List.of(ROOM)));
    }
  }

  @Test
  void aDatabaseThatAcknowledgesTooEarlyIsRefused() throws Exception {
    database.run(
        "ALTER ROLE carillon_app IN DATABASE "
            + database.name()
            + " SET synchronous_commit = local");
    DatabaseCheck.DatabaseReport report = new DatabaseCheck(database.app()).run();
    assertEquals(List.of("synchronous_commit is local, not on"), report.refusals());
    assertFalse(report.ready());
    LogSettings quick = LogSettings.DEFAULTS.withDeadline(Duration.ofMillis(400));
    try (LogInstance one = new LogInstance(database.app(), quick)) {
      assertEquals(ErrorCode.STORAGE, refused(one.publish(ROOM, "1")).rejection().code());
    }
  }

  @Test
  void closingAnswersWhatWasTaken() throws Exception {
    LogInstance one = new LogInstance(database);
    List<CompletableFuture<AppendResult>> answers =
        java.util.stream.IntStream.range(0, 1000).mapToObj(i -> one.publish(ROOM, "1")).toList();
    one.close();
    for (CompletableFuture<AppendResult> answer : answers) {
      assertTrue(answer.isDone());
      appended(answer);
    }
    assertEquals(ErrorCode.OVERLOADED, refused(one.publish(ROOM, "1")).rejection().code());
  }
}
