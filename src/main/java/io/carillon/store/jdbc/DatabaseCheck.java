package io.carillon.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Check of whether a database is fit to hold the log, run at the start and by the readiness check.
 */
public final class DatabaseCheck {
  private static final int OLDEST_VERSION = 150000;

  /** The isolation that all statements assume: each sees what was committed before it. */
  private static final String ISOLATION = "read committed";

  private final DataSource source;

  /** Checks what connections of this source see. */
  public DatabaseCheck(DataSource source) {
    this.source = source;
  }

  /**
   * Findings of a check.
   *
   * @param refusals reasons not to publish; empty if there are none
   * @param warnings warnings for the operator: acknowledged events may be lost by a power cut
   * @param daysAhead days from tomorrow on that have their partitions; fewer than 2 is not ready
   */
  public record DatabaseReport(List<String> refusals, List<String> warnings, int daysAhead) {
    /** Copies the lists. */
    public DatabaseReport {
      refusals = List.copyOf(refusals);
      warnings = List.copyOf(warnings);
    }

    /** Whether publishing may go on for now. */
    public boolean ready() {
      return refusals.isEmpty() && daysAhead >= 2;
    }
  }

  /**
   * Asks the database; one short query.
   *
   * @throws SQLException if it cannot be asked
   */
  public DatabaseReport run() throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT current_setting('synchronous_commit'), current_setting('fsync'),"
                    + " current_setting('full_page_writes'), current_setting('server_encoding'),"
                    + " current_setting('server_version_num')::integer, pg_is_in_recovery(),"
                    + " carillon.days_ahead(), current_setting('transaction_isolation')");
        ResultSet row = statement.executeQuery()) {
      row.next();
      List<String> refusals = new ArrayList<>();
      List<String> warnings = new ArrayList<>();
      if (!durable(row.getString(1))) {
        refusals.add("synchronous_commit is " + row.getString(1) + ", not on");
      }
      refusals.addAll(unsuitable(row.getString(4), row.getInt(5), row.getBoolean(6)));
      if (!row.getString(8).equals(ISOLATION)) {
        refusals.add("transactions are " + row.getString(8) + ", not read committed");
      }
      if (!row.getString(2).equals("on")) {
        warnings.add("fsync is off");
      }
      if (!row.getString(3).equals("on")) {
        warnings.add("full_page_writes is off");
      }
      return new DatabaseReport(refusals, warnings, row.getInt(7));
    }
  }

  /**
   * Refuses a server that Carillon does not support; checked before the migration.
   *
   * @throws IllegalStateException with every reason
   * @throws SQLException if it cannot be asked
   */
  static void requireSuitable(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT current_setting('server_encoding'),"
                    + " current_setting('server_version_num')::integer, pg_is_in_recovery()");
        ResultSet row = statement.executeQuery()) {
      row.next();
      List<String> reasons = unsuitable(row.getString(1), row.getInt(2), row.getBoolean(3));
      if (!reasons.isEmpty()) {
        throw new IllegalStateException(String.join("; ", reasons) + "; nothing was migrated");
      }
    }
  }

  static List<String> unsuitable(String encoding, int version, boolean standby) {
    List<String> reasons = new ArrayList<>();
    if (!encoding.equals("UTF8")) {
      reasons.add("the database's encoding is " + encoding + ", not UTF8");
    }
    if (version < OLDEST_VERSION) {
      reasons.add("PostgreSQL is older than 15");
    }
    if (standby) {
      reasons.add("the database is a standby");
    }
    return reasons;
  }

  /**
   * Refuses a connection on which an acknowledged commit could be lost, or on which the second
   * statement of a function would not see what was committed before it.
   *
   * @throws SQLException if {@code synchronous_commit} is below {@code on}, or the isolation is not
   *     {@code read committed}
   */
  static void requireDurableCommits(Connection connection) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement(
                "SELECT current_setting('synchronous_commit'),"
                    + " current_setting('transaction_isolation')");
        ResultSet row = statement.executeQuery()) {
      row.next();
      if (!durable(row.getString(1))) {
        throw new SQLException(
            "synchronous_commit is " + row.getString(1) + " for this role: refused", "55000");
      }
      if (!row.getString(2).equals(ISOLATION)) {
        throw new SQLException("transactions are " + row.getString(2) + ": refused", "55000");
      }
    }
  }

  private static boolean durable(String synchronousCommit) {
    return synchronousCommit.equals("on") || synchronousCommit.equals("remote_apply");
  }
}
