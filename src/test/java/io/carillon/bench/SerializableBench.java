package io.carillon.bench;

import io.carillon.kit.Folders;
import io.carillon.store.jdbc.JdbcEventLog;
import io.carillon.store.jdbc.LogSettings;
import io.carillon.store.jdbc.Migrator;
import io.carillon.store.jdbc.OutboxRelay;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Whether callers of {@code carillon.publish} in SERIALIZABLE transactions fail each other: each
 * session writes a row of its own, so that none fails for what it does itself, and publishes
 * nothing, one event or five, in each round one after another, while a relay moves what was
 * published. Transactions a second, and how many of them end with 40001. Arguments: {@code
 * sessions=6 rounds=3 seconds=5 warm=3 publishes=0,1,5}.
 */
final class SerializableBench {
  private static final Set<String> ARGUMENTS =
      Set.of("sessions", "rounds", "seconds", "warm", "publishes");

  private static final String FAILED = "40001";

  private final Arguments arguments;
  private final Database database;
  private final int sessions;
  private final Map<Integer, List<Count>> seen = new TreeMap<>();

  /**
   * What sessions did.
   *
   * @param commits transactions that were committed
   * @param failures transactions that ended with a serialization failure; not repeated
   */
  private record Count(long commits, long failures, double seconds) {
    double rate() {
      return commits / seconds;
    }

    double failed() {
      return 100.0 * failures / (commits + failures);
    }
  }

  private SerializableBench(Arguments arguments, Database database) {
    this.arguments = arguments;
    this.database = database;
    this.sessions = arguments.number("sessions", 6);
  }

  public static void main(String[] words) throws Exception {
    Arguments arguments = new Arguments(words, ARGUMENTS);
    System.out.println(Machine.described());
    System.out.println("SerializableBench " + String.join(" ", words));
    Path folder = Path.of("target/bench/serializable");
    Folders.delete(folder);
    try (Database database = Database.start(folder)) {
      new Migrator().migrate(database.access().owner());
      DataSource app = database.access().app();
      LogSettings settings = LogSettings.DEFAULTS;
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
          ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
          JdbcEventLog log = new JdbcEventLog(app, app, settings, threads, timer)) {
        log.start();
        try (OutboxRelay relay = new OutboxRelay(log, app, settings, "bench", threads, timer)) {
          relay.start();
          new SerializableBench(arguments, database).run();
        }
      }
    }
  }

  private void run() throws Exception {
    try (Connection connection = database.open();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < sessions; i++) {
        statement.execute(
            "create table own_%1$d (n int); insert into own_%1$d values (0)".formatted(i));
      }
    }
    List<Integer> kinds =
        arguments.list("publishes", "0,1,5").stream().map(Integer::valueOf).toList();
    for (int kind : kinds) {
      all(kind, arguments.number("warm", 3));
    }
    for (int round = 1; round <= arguments.number("rounds", 3); round++) {
      for (int kind : kinds) {
        Count count = all(kind, arguments.number("seconds", 5));
        seen.computeIfAbsent(kind, k -> new ArrayList<>()).add(count);
        print("round " + round, kind, count);
      }
    }
    seen.forEach(
        (kind, counts) ->
            print(
                "all rounds",
                kind,
                counts.stream()
                    .reduce(
                        (a, b) ->
                            new Count(
                                a.commits + b.commits,
                                a.failures + b.failures,
                                a.seconds + b.seconds))
                    .orElseThrow()));
  }

  private Count all(int publishes, int seconds) throws Exception {
    long begun = System.nanoTime();
    long end = begun + TimeUnit.SECONDS.toNanos(seconds);
    long commits = 0;
    long failures = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(sessions)) {
      List<Future<Count>> done = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        int own = i;
        done.add(threads.submit(() -> session(own, publishes, end)));
      }
      for (Future<Count> one : done) {
        commits += one.get().commits;
        failures += one.get().failures;
      }
    }
    return new Count(commits, failures, (System.nanoTime() - begun) / 1e9);
  }

  private Count session(int own, int publishes, long end) throws SQLException {
    long commits = 0;
    long failures = 0;
    try (Connection connection = database.open();
        Statement sql = connection.createStatement()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      connection.setAutoCommit(false);
      while (System.nanoTime() < end) {
        try {
          sql.execute("update own_" + own + " set n = n + 1");
          for (int i = 0; i < publishes; i++) {
            sql.execute("select carillon.publish('own:" + own + "', 'a', '1')");
          }
          connection.commit();
          commits++;
        } catch (SQLException failed) {
          if (!FAILED.equals(failed.getSQLState())) {
            throw failed;
          }
          connection.rollback();
          failures++;
        }
      }
    }
    return new Count(commits, failures, 0);
  }

  private void print(String when, int publishes, Count count) {
    System.out.printf(
        Locale.ROOT,
        "%s | %d sessions, %d publishes in a transaction | %,.0f transactions/s, %,.0f events/s |"
            + " %d of %d failed with 40001: %.2f %%%n",
        when,
        sessions,
        publishes,
        count.rate(),
        count.rate() * publishes,
        count.failures,
        count.commits + count.failures,
        count.failed());
  }
}
