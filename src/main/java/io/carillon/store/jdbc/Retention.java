package io.carillon.store.jdbc;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Maintenance of the log's day partitions: makes the days ahead, empties those behind, and drops
 * empty ones. Any instance may run it at any time, also several at once; it needs no DDL rights.
 * Floors are raised first, room by room in short transactions, so that no reader ever meets a hole.
 */
public final class Retention {
  private static final int DAYS_AHEAD = 7;
  private static final int ROOMS_PER_STEP = 200;
  private static final int MOST_DROPPED = 500;

  private static final String EXPIRED =
      "SELECT d FROM carillon.expired_days(make_interval(secs => ?)) d ORDER BY d";

  private static final String KEYS = "SELECT d FROM carillon.expired_keys() d ORDER BY d";

  private final DataSource source;
  private final Duration keep;

  /**
   * Creates the maintenance.
   *
   * @param keep time for which events can be replayed; the database never removes events younger
   *     than 24 h
   */
  public Retention(DataSource source, Duration keep) {
    this.source = source;
    this.keep = keep;
  }

  /**
   * Report of one run.
   *
   * @param made partitions that were made
   * @param emptied days that were emptied
   * @param dropped number of empty partitions of past days that were dropped
   * @param postponed something was in use; the next run tries again
   */
  public record RetentionReport(int made, List<LocalDate> emptied, int dropped, boolean postponed) {
    /** Copies the list. */
    public RetentionReport {
      emptied = List.copyOf(emptied);
    }
  }

  /**
   * One run; to be repeated about every hour. A day that cannot be emptied now stops neither the
   * later ones nor what else there is to do.
   *
   * @throws SQLException if the database cannot be reached
   */
  public RetentionReport run() throws SQLException {
    try (Connection connection = source.getConnection()) {
      int made = makeDays(connection);
      Steps steps = new Steps();
      List<LocalDate> emptied = new ArrayList<>();
      for (LocalDate day : days(connection, EXPIRED, keep)) {
        if (steps.done(() -> empty(connection, day))) {
          emptied.add(day);
        }
      }
      for (LocalDate day : days(connection, KEYS, null)) {
        steps.done(() -> emptyKeys(connection, day));
      }
      int dropped = 0;
      while (dropped < MOST_DROPPED && steps.gone(() -> drop(connection))) {
        dropped++;
      }
      return new RetentionReport(made, emptied, dropped, steps.postponed());
    }
  }

  private void empty(Connection connection, LocalDate day) throws SQLException {
    raiseFloors(connection, day);
    try {
      call(connection, "SELECT carillon.truncate_day(?, make_interval(secs => ?))", day, keep);
    } catch (SQLException held) {
      if (!Steps.isBusy(held)) {
        throw held;
      }
      call(connection, "SELECT carillon.truncate_held_day(?, make_interval(secs => ?))", day, keep);
    }
  }

  private static void emptyKeys(Connection connection, LocalDate day) throws SQLException {
    try {
      call(connection, "SELECT carillon.truncate_keys_of(?, false)", day, null);
    } catch (SQLException held) {
      if (!Steps.isBusy(held)) {
        throw held;
      }
      call(connection, "SELECT carillon.truncate_keys_of(?, true)", day, null);
    }
  }

  private static boolean drop(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("SELECT carillon.drop_empty_day()");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getString(1) != null;
    }
  }

  /**
   * For how many days after today there is place in the log.
   *
   * @throws SQLException if the database cannot be reached
   */
  public int daysAhead() throws SQLException {
    try (Connection connection = source.getConnection()) {
      return call(connection, "SELECT carillon.days_ahead()");
    }
  }

  /** Makes the partitions of today and the next days; how many were missing. */
  static int makeDays(Connection connection) throws SQLException {
    return call(connection, "SELECT carillon.make_days(" + DAYS_AHEAD + ")");
  }

  private static int call(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }

  private static List<LocalDate> days(Connection connection, String sql, @Nullable Duration keep)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      if (keep != null) {
        statement.setDouble(1, (double) keep.toSeconds());
      }
      try (ResultSet rows = statement.executeQuery()) {
        List<LocalDate> days = new ArrayList<>();
        while (rows.next()) {
          days.add(rows.getObject(1, LocalDate.class));
        }
        return days;
      }
    }
  }

  private static void raiseFloors(Connection connection, LocalDate day) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT carillon.raise_floors(?, ?, ?)")) {
      @Nullable Long last = 0L;
      while (last != null) {
        statement.setObject(1, day);
        statement.setLong(2, last);
        statement.setInt(3, ROOMS_PER_STEP);
        try (ResultSet row = statement.executeQuery()) {
          row.next();
          last = row.getObject(1, Long.class);
        }
      }
    }
  }

  private static void call(
      Connection connection, String sql, LocalDate day, @Nullable Duration keep)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, day);
      if (keep != null) {
        statement.setDouble(2, (double) keep.toSeconds());
      }
      statement.executeQuery().close();
    }
  }

  /** Steps of one run, none of which stops the next. Each is tried a few times. */
  private static final class Steps {
    private static final System.Logger LOG = System.getLogger(Retention.class.getName());

    private static final int TRIES = 8;
    private static final int PAUSE_MILLIS = 250;

    private interface RetentionStep {
      void run() throws SQLException;
    }

    private interface Drop {
      boolean run() throws SQLException;
    }

    private boolean postponed;

    /** Whether the step was done; false: something of it is in use, or just went away. */
    boolean done(RetentionStep step) throws SQLException {
      return gone(
          () -> {
            step.run();
            return true;
          });
    }

    /**
     * The step's answer; false also if it could not be done. A step gives way after some
     * milliseconds to the users of a table, so that no other waits behind it, and is tried again:
     * in a busy database the first try seldom succeeds, and the next run is minutes away.
     */
    boolean gone(Drop step) throws SQLException {
      for (int tries = 1; ; tries++) {
        try {
          return step.run();
        } catch (SQLException failed) {
          if (Failure.of(failed) == Failure.LOST) {
            throw failed;
          }
          if (!isBusy(failed)) {
            LOG.log(
                Level.WARNING, "retention goes on without a step: {0}", Failure.describe(failed));
          }
          if (!isBusy(failed) || tries == TRIES || !paused()) {
            postponed = true;
            return false;
          }
        }
      }
    }

    private static boolean paused() {
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        return true;
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    boolean postponed() {
      return postponed;
    }

    /** Locked by somebody, or dropped by another instance in this moment. */
    static boolean isBusy(SQLException failed) {
      return "55P03".equals(failed.getSQLState()) || "42P01".equals(failed.getSQLState());
    }
  }
}
