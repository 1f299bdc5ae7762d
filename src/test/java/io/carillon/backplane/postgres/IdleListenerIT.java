package io.carillon.backplane.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.contract.Heard;
import io.carillon.kit.DatabaseAccess;
import io.carillon.kit.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database whose administrator ends sessions that do nothing: a listener does nothing. */
@Timeout(60)
final class IdleListenerIT {
  private static final byte[] KEY =
      "a secret of this one test run".getBytes(StandardCharsets.UTF_8);

  /** Nothing of its own that would keep the session busy. */
  private static final BackplaneTiming QUIET =
      new BackplaneTiming(
          Duration.ofMillis(5),
          Duration.ofMinutes(2),
          Duration.ofSeconds(4),
          Duration.ofSeconds(4),
          Duration.ofMillis(200));

  private final Heard heard = new Heard();

  @Test
  void whoListensOutlivesOtherIdleSessions() throws Exception {
    TestDatabase server = TestDatabase.separate(Map.of());
    DatabaseAccess database = server.another();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        Connection operator = server.superuser("postgres").getConnection();
        PostgresBackplane backplane =
            new PostgresBackplane(
                "me",
                () -> database.app().getConnection(),
                () -> KEY,
                InstantSource.system(),
                () -> false,
                QUIET,
                executor)) {
      execute(operator, "ALTER DATABASE " + database.name() + " SET idle_session_timeout = 500");
      backplane.start(heard);
      heard.await("that it listens", h -> h.missed == 1);

      // Began to be idle after the listener; when this one is over, so would that one be.
      try (Connection other = database.app().getConnection()) {
        long pid = number(other, "SELECT pg_backend_pid()");
        while (number(operator, "SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid) > 0) {
          TimeUnit.MILLISECONDS.sleep(20); // the class's own limit ends this
        }
      }
      assertTrue(backplane.connected());
      assertEquals(1, backplane.counts().listens());
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
