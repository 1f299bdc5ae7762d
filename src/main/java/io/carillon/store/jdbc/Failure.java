package io.carillon.store.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Kind of a database exception, by what it says about the call that it ended. */
enum Failure {
  /** Not done, and never will be: the content is to blame. */
  DATA,
  /** Not done: a lock was not to be had in time. */
  BUSY,
  /** Not done: the same call may well succeed alone or later. */
  AGAIN,
  /** Not done: the partition of the day is missing. */
  NO_DAY,
  /** Not done: the database refuses (full, read-only, no rights); others fare no better. */
  REFUSED,
  /** The connection is lost: the call may have been done. */
  LOST;

  static Failure of(SQLException failure) {
    String state = failure.getSQLState();
    if (state == null || state.length() != 5) {
      return LOST;
    }
    return switch (state) {
      case "55P03" -> BUSY;
      case "40001", "40P01", "23505" -> AGAIN;
      case "23514" -> constraint(failure) == null ? NO_DAY : DATA;
      case "57014", "25006" -> REFUSED;
      default ->
          switch (state.substring(0, 2)) {
            case "22", "23", "54" -> DATA;
            case "53", "42", "0A", "55", "P0" -> REFUSED;
            default -> LOST;
          };
    };
  }

  /**
   * Whether a session is as good as before: the database refused what it was asked, and would
   * refuse it over any other. Not so where the session itself is to blame, or no longer leads to a
   * primary.
   */
  static boolean keepsSession(SQLException failure) {
    return of(failure) == REFUSED
        && !failure.getSQLState().equals("25006")
        && !failure.getSQLState().startsWith("55");
  }

  /** State and first line, without the statement: for log files and rejected rows. */
  static String describe(SQLException failure) {
    String message = String.valueOf(failure.getMessage());
    int end = message.indexOf('\n');
    return failure.getSQLState() + ": " + (end < 0 ? message : message.substring(0, end));
  }

  private static @Nullable String constraint(SQLException failure) {
    ServerErrorMessage message =
        failure instanceof PSQLException ours ? ours.getServerErrorMessage() : null;
    return message == null ? null : message.getConstraint();
  }
}
