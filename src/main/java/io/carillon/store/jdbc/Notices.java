package io.carillon.store.jdbc;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * Notices and warnings that the database sends beside its answers. A warning that comes with a
 * commit may mean that the standby did not confirm it, so the commit's outcome is unknown then.
 * Anything else is written to the log once: what was said at the log-in, mere notices, and warnings
 * whose place in the source of PostgreSQL has nothing to do with commits. Of one thread.
 */
final class Notices {
  private static final System.Logger LOG = System.getLogger(Notices.class.getName());

  /** The class of states of what is not even a warning. */
  private static final String SUCCESS = "00";

  /** Warnings while transaction numbers are given: the database needs a vacuum, no more. */
  private static final Set<String> HARMLESS = Set.of("varsup.c", "multixact.c");

  private static final int MOST_REMEMBERED = 50;

  private final String name;
  private final Set<String> told = new HashSet<>();

  Notices(String name) {
    this.name = name;
  }

  /** Takes what was said while a connection was made ready; it concerns no commit. */
  void atLogin(Connection connection) throws SQLException {
    for (SQLWarning said = connection.getWarnings(); said != null; said = said.getNextWarning()) {
      tell("at the log-in", said);
    }
    connection.clearWarnings();
  }

  /** Forgets what was said before a call, so that what is there after it came with it. */
  static void beforeCall(Connection connection, Statement call) throws SQLException {
    connection.clearWarnings();
    call.clearWarnings();
  }

  /** The warning that puts a call's commit in doubt, or null. */
  @Nullable String afterCall(Connection connection, Statement call) throws SQLException {
    String doubt = doubt(call.getWarnings());
    return doubt == null ? doubt(connection.getWarnings()) : doubt;
  }

  private @Nullable String doubt(@Nullable SQLWarning first) {
    for (SQLWarning said = first; said != null; said = said.getNextWarning()) {
      if (!harmless(said)) {
        return text(said);
      }
      tell("besides", said);
    }
    return null;
  }

  private static boolean harmless(SQLWarning said) {
    String state = said.getSQLState();
    if (state != null && state.startsWith(SUCCESS)) {
      return true;
    }
    ServerErrorMessage message =
        said instanceof PSQLWarning ours ? ours.getServerErrorMessage() : null;
    String file = message == null ? null : message.getFile();
    return file != null && HARMLESS.contains(file);
  }

  private void tell(String when, SQLWarning said) {
    String text = text(said);
    if (told.size() < MOST_REMEMBERED && told.add(text)) {
      LOG.log(Level.WARNING, name + ": the database said " + when + ": " + text);
    }
  }

  private static String text(SQLWarning said) {
    return said.getSQLState() + ": " + said.getMessage();
  }
}
