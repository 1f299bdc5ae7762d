package io.carillon.store.jdbc;

import io.carillon.core.Publication;
import io.carillon.core.RoomName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/** One dedicated connection with its prepared statements. Used by one thread, but for abort. */
final class WriterSession implements AutoCloseable {
  private static final String APPEND =
      "SELECT ord, outcome, seq, epoch, created, place"
          + " FROM carillon.append_at(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  /** Rooms whose places are remembered: more are not hot at once. */
  private static final int PLACES = 10_000;

  private final Connection connection;
  private final Notices notices;
  private final PreparedStatement append;
  private final HeadPlaces<Long> places = new HeadPlaces<>(PLACES);

  private WriterSession(Connection connection, Notices notices) throws SQLException {
    this.connection = connection;
    this.notices = notices;
    this.append = connection.prepareStatement(APPEND);
    append.unwrap(PGStatement.class).setPrepareThreshold(1);
  }

  /**
   * Opens a connection for writing.
   *
   * @throws SQLException also if the connection would acknowledge before the commit is durable
   */
  static WriterSession open(DataSource source, LogSettings settings, String name, Notices notices)
      throws SQLException {
    Connection connection = Sessions.open(source, name, settings, notices);
    try {
      return new WriterSession(connection, notices);
    } catch (SQLException | RuntimeException | LinkageError failed) {
      Sessions.closeQuietly(connection);
      throw failed;
    }
  }

  /** One batch, one round trip, one commit. */
  BatchOutcome append(List<Pending> batch, long[] rooms, boolean wait) throws SQLException {
    int n = batch.size();
    @Nullable String[] place = new @Nullable String[n];
    @Nullable String[] key = new @Nullable String[n];
    String[] id = new String[n];
    String[] name = new String[n];
    String[] by = new String[n];
    String[] data = new String[n];
    short[] encoding = new short[n];
    @Nullable String[] meta = new @Nullable String[n];
    @Nullable String[] origin = new @Nullable String[n];
    boolean[] look = new boolean[n];
    for (int i = 0; i < n; i++) {
      Publication publication = batch.get(i).publication();
      place[i] = places.of(rooms[i]);
      key[i] = publication.source() == null ? null : publication.key();
      id[i] = publication.id();
      name[i] = publication.name().value();
      by[i] = publication.by();
      data[i] = publication.content().text();
      encoding[i] = Encoding.of(publication.content());
      meta[i] = publication.meta();
      origin[i] = publication.origin();
      look[i] = batch.get(i).look();
    }
    Notices.beforeCall(connection, append);
    append.setObject(1, rooms);
    append.setObject(2, place);
    append.setObject(3, key);
    append.setObject(4, id);
    append.setObject(5, name);
    append.setObject(6, by);
    append.setObject(7, data);
    append.setObject(8, meta);
    append.setObject(9, encoding);
    append.setObject(10, origin);
    append.setObject(11, look);
    append.setBoolean(12, wait);
    try (ResultSet answer = append.executeQuery()) {
      BatchOutcome outcome = BatchOutcome.read(answer, n);
      for (int i = 0; i < n; i++) {
        places.remember(rooms[i], outcome.place(i));
      }
      outcome.doubt(notices.afterCall(connection, append));
      return outcome;
    }
  }

  /** Makes rooms, in a transaction of its own. */
  Map<RoomName, Long> makeRooms(Collection<RoomName> names) throws SQLException {
    return Sessions.makeRooms(connection, names);
  }

  /** Makes the partitions of the next days; how many were missing. */
  int makeDays() throws SQLException {
    return Retention.makeDays(connection);
  }

  /** Gives the connection up, from any thread: a call under way ends with an exception. */
  void abort(Executor executor) {
    Sessions.abort(connection, executor);
  }

  @Override
  public void close() {
    Sessions.closeQuietly(connection);
  }
}
