package io.carillon.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes the days ahead and empties those behind. Any instance may run it at any time, also several
 * at once; it needs no DDL rights. Floors are raised first, room by room in short transactions, so
 * that no reader ever meets a hole.
 */
public final class Retention {
  private static final int DAYS_AHEAD = 7;
  private static final int ROOMS_PER_STEP = 200;
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final DataSource source;
  private final Duration keep;

  /**
   * Works over connections of this source.
   *
   * @param keep how long events can be replayed; the database never removes younger than 24 h
   */
  public Retention(DataSource source, Duration keep) {
    this.source = source;
    this.keep = keep;
  }

  /**
   * What was done.
   *
   * @param made partitions that were made
   * @param emptied days that were emptied
   * @param postponed a day was in use; the next run tries again
   */
  public record Report(int made, List<LocalDate> emptied, boolean postponed) {
    /** Copies the list. */
    public Report {
      emptied = List.copyOf(emptied);
    }
  }

  /**
   * One run; to be repeated about every hour.
   *
   * @throws SQLException if the database cannot be reached
   */
  public Report run() throws SQLException {
    try (Connection connection = source.getConnection()) {
      int made = makeDays(connection);
      List<LocalDate> emptied = new ArrayList<>();
      boolean postponed = false;
      try {
        for (LocalDate day : expired(connection)) {
          raiseFloors(connection, day);
          truncate(connection, day);
          emptied.add(day);
        }
        call(connection, "SELECT carillon.truncate_keys()");
      } catch (SQLException busy) {
        if (!LOCK_NOT_AVAILABLE.equals(busy.getSQLState())) {
          throw busy;
        }
        postponed = true;
      }
      return new Report(made, emptied, postponed);
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

  private List<LocalDate> expired(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT d FROM carillon.expired_days(make_interval(secs => ?)) d ORDER BY d")) {
      statement.setDouble(1, (double) keep.toSeconds());
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

  private void truncate(Connection connection, LocalDate day) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT carillon.truncate_day(?, make_interval(secs => ?))")) {
      statement.setObject(1, day);
      statement.setDouble(2, (double) keep.toSeconds());
      statement.executeQuery().close();
    }
  }
}
