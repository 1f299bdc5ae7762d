package io.carillon.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Slices of one load before, during and after a transaction that only looks: it has taken a
 * snapshot and keeps it, as a report or a forgotten session does. Each slice is compared with the
 * median of those without the transaction; those of the second half, with the oldest snapshot, are
 * the ones that a target is held against. How many blocks of the heads' table and its index were
 * touched for one publish, by whomever, does not depend on what else the machine does.
 */
final class OldTransaction {
  /** Measures one slice. */
  interface Load {
    Figures slice() throws IOException, InterruptedException;
  }

  private static final String TOUCHED =
      "select sum(heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read),"
          + " (select sum(seq) from carillon.room_head)"
          + " from pg_statio_user_tables where relid = 'carillon.room_head'::regclass";

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
        Touched before = touched();
        during.add(load.slice());
        long open = (System.nanoTime() - begun) / 1_000_000_000;
        print("open for %d s".formatted(open), during.getLast(), before);
      }
      connection.commit();
    }
    without.addAll(several("after", Math.max(1, slices / 2)));
    Figures base = Figures.medians(without);
    for (Figures slice : during) {
      ratio("a slice", slice, base);
    }
    ratio("second half", Figures.medians(during.subList(slices / 2, slices)), base);
  }

  private List<Figures> several(String when, int count)
      throws IOException, InterruptedException, SQLException {
    List<Figures> seen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Touched before = touched();
      seen.add(load.slice());
      print(when, seen.getLast(), before);
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

  /** Blocks of the heads that were touched, and events that were published, since the start. */
  private record Touched(double blocks, double events) {}

  /** Sessions at work tell their counts each second. */
  private Touched touched() throws SQLException {
    try (Connection connection = product.database().open();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(TOUCHED)) {
      row.next();
      return new Touched(row.getDouble(1), row.getDouble(2));
    }
  }

  private void print(String when, Figures f, Touched before) throws SQLException {
    Touched now = touched();
    System.out.printf(
        Locale.ROOT,
        "old-transaction | %-15s | %.0f publishes/s | publish to deliver p50 %.2f p99 %.2f ms |"
            + " database %.0f µs a publish (%.2f s in all a second), %.1f blocks of heads | wrong"
            + " %.0f%n",
        when,
        f.publishes(),
        f.p50(),
        f.p99(),
        databaseAPublish(f),
        databaseAPublish(f) * f.publishes() / 1e6,
        (now.blocks - before.blocks) / (now.events - before.events),
        f.wrong());
  }
}
