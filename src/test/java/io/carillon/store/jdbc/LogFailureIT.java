package io.carillon.store.jdbc;

import static io.carillon.store.jdbc.LogInstance.appended;
import static io.carillon.store.jdbc.LogInstance.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.ErrorCode;
import io.carillon.core.Rejection;
import io.carillon.core.RoomName;
import io.carillon.core.spi.AppendResult;
import io.carillon.core.spi.AppendResult.Appended;
import io.carillon.core.spi.LogUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
      assertEquals("\"first\"", one.log().after(ROOM, 1, 1).events().getFirst().data());

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
          one.log().after(ROOM, 1, 5).events().getFirst().data());
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
    DatabaseCheck.Report report = new DatabaseCheck(database.app()).run();
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
