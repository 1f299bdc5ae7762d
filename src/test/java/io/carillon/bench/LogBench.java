package io.carillon.bench;

import io.carillon.core.EventName;
import io.carillon.core.Publication;
import io.carillon.core.RoomName;
import io.carillon.core.spi.AppendResult.Appended;
import io.carillon.store.jdbc.DatabaseCheck;
import io.carillon.store.jdbc.JdbcEventLog;
import io.carillon.store.jdbc.LogSettings;
import io.carillon.store.jdbc.Migrator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Durable publishes per second through the log's Java side: one hot room, then 1,000 rooms. Prints
 * a line for each run. Arguments: seconds per run (5), publishes in flight (2,000), writers (2),
 * and optionally the JDBC URL of an empty database of its own (else an embedded PostgreSQL is
 * started with fsync and synchronous_commit on). Run by {@code docs/performance-results.md}.
 */
final class LogBench {
  private static final int SIZE = 200;

  private LogBench() {}

  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    int inFlight = args.length > 1 ? Integer.parseInt(args[1]) : 2000;
    int writers = args.length > 2 ? Integer.parseInt(args[2]) : 2;
    if (args.length > 3) {
      PGSimpleDataSource source = new PGSimpleDataSource();
      source.setURL(args[3]);
      run(source, seconds, inFlight, writers);
    } else {
      try (EmbeddedPostgres postgres =
          EmbeddedPostgres.builder()
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("shared_buffers", "256MB")
              .setServerConfig("max_wal_size", "4GB")
              .start()) {
        run(postgres.getPostgresDatabase(), seconds, inFlight, writers);
      }
    }
  }

  private static void run(DataSource source, int seconds, int inFlight, int writers)
      throws Exception {
    new Migrator().migrate(source);
    System.out.println(new DatabaseCheck(source).run());
    LogSettings settings =
        LogSettings.DEFAULTS.withWriters(writers).withDeadline(Duration.ofSeconds(30));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        JdbcEventLog log = new JdbcEventLog(source, source, settings, threads, timer)) {
      log.start();
      measure(log, "warm-up, 1 room", 1, Math.min(3, seconds), inFlight);
      measure(log, "1 room", 1, seconds, inFlight);
      measure(log, "1,000 rooms", 1000, seconds, inFlight);
      measure(log, "1 room, 1 in flight", 1, Math.min(2, seconds), 1);
    }
  }

  private static void measure(JdbcEventLog log, String what, int rooms, int seconds, int inFlight)
      throws InterruptedException {
    RoomName[] names = new RoomName[rooms];
    Arrays.setAll(names, i -> new RoomName("bench:" + i));
    EventName name = new EventName("bench.event");
    String data = "{\"text\":\"" + "x".repeat(SIZE - 11) + "\"}";
    Semaphore permits = new Semaphore(inFlight);
    LongAdder done = new LongAdder();
    LongAdder refused = new LongAdder();
    long[] latencies = new long[4_000_000];
    AtomicInteger samples = new AtomicInteger();
    long start = System.nanoTime();
    long end = start + seconds * 1_000_000_000L;
    for (int i = 0; System.nanoTime() < end; i++) {
      permits.acquire();
      long sent = System.nanoTime();
      String id = UUID.randomUUID().toString();
      var unused =
          log.append(new Publication(names[i % rooms], id, false, name, data, null, "bench", null))
              .thenAccept(
                  result -> {
                    permits.release();
                    if (result instanceof Appended) {
                      done.increment();
                      int sample = samples.getAndIncrement();
                      if (sample < latencies.length) {
                        latencies[sample] = System.nanoTime() - sent;
                      }
                    } else {
                      refused.increment();
                    }
                  });
    }
    permits.acquire(inFlight);
    double took = (System.nanoTime() - start) / 1e9;
    int n = Math.min(samples.get(), latencies.length);
    Arrays.sort(latencies, 0, n);
    System.out.printf(
        "%s: %,.0f events/s, p50 %.2f ms, p99 %.2f ms, refused %d%n",
        what,
        done.sum() / took,
        latencies[n / 2] / 1e6,
        latencies[(int) (n * 0.99)] / 1e6,
        refused.sum());
  }
}
