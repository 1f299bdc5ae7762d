package io.carillon.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Slices of one load before, during and after a transaction that only looks: it has taken a
 * snapshot and keeps it, as a report or a forgotten session does. Each slice is compared with the
 * median of those without the transaction; those of the second half, with the oldest snapshot, are
 * the ones that a target is held against.
 */
final class OldTransaction {
  /** Measures one slice. */
  interface Load {
    Figures slice() throws IOException, InterruptedException;
  }

  private final Product product;
  private final Load load;
  private final int slices;

  /**
   * Measures nothing yet.
   *
   * @param slices that the transaction stays open; half as many before it and after it
   */
  OldTransaction(Product product, Load load, int slices) {
    this.product = product;
    this.load = load;
    this.slices = slices;
  }

  void run() throws IOException, InterruptedException, SQLException {
    List<Figures> without = new ArrayList<>(several("before", Math.max(1, slices / 2)));
    List<Figures> during = new ArrayList<>();
    try (Connection connection = product.database().open();
        Statement statement = connection.createStatement()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      statement.execute("select count(*) from carillon.room");
      long begun = System.nanoTime();
      for (int i = 0; i < slices; i++) {
        during.add(load.slice());
        long open = (System.nanoTime() - begun) / 1_000_000_000;
        print("open for %d s".formatted(open), during.getLast());
      }
      connection.commit();
    }
    without.addAll(several("after", Math.max(1, slices / 2)));
    Figures base = Figures.medians(without);
    print("median without", base);
    for (Figures slice : during) {
      ratio("a slice", slice, base);
    }
    ratio("second half", Figures.medians(during.subList(slices / 2, slices)), base);
  }

  private List<Figures> several(String when, int count) throws IOException, InterruptedException {
    List<Figures> seen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      seen.add(load.slice());
      print(when, seen.getLast());
    }
    return seen;
  }

  /** Microseconds of the database's processor time for one publish. */
  private static double databaseAPublish(Figures f) {
    return f.databaseCpu() * f.rate() / f.publishes();
  }

  private static void ratio(String what, Figures slice, Figures base) {
    System.out.printf(
        Locale.ROOT,
        "old-transaction | %-15s | to those without: p50 × %.3f, p99 × %.3f, database × %.3f%n",
        what,
        slice.p50() / base.p50(),
        slice.p99() / base.p99(),
        databaseAPublish(slice) / databaseAPublish(base));
  }

  private static void print(String when, Figures f) {
    System.out.printf(
        Locale.ROOT,
        "old-transaction | %-15s | %.0f publishes/s | publish to deliver p50 %.2f p99 %.2f ms |"
            + " database %.0f µs a publish (%.2f s in all a second) | wrong %.0f%n",
        when,
        f.publishes(),
        f.p50(),
        f.p99(),
        databaseAPublish(f),
        databaseAPublish(f) * f.publishes() / 1e6,
        f.wrong());
  }
}
