package io.carillon.store.jdbc;

import io.carillon.core.ErrorCode;
import io.carillon.core.Lessee;
import io.carillon.core.MembersPage;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.spi.PresenceAct;
import io.carillon.core.spi.PresenceStore;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Presence in PostgreSQL, as seen by one instance. The work is done by functions of the schema. */
public final class JdbcPresenceStore implements PresenceStore {
  /** Raised by {@code carillon.presence_apply}: the lease of this instance is over. */
  private static final String LEASE_OVER = "CL001";

  private static final int SWEEP_ROOMS = 1000;
  private static final String APPLY =
      "SELECT room, revision FROM carillon.presence_apply(?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String DRAIN = "SELECT room, revision FROM carillon.presence_drain(?, ?)";
  private static final String RETAIN =
      "SELECT room, revision FROM carillon.presence_retain(?, ?, ?, ?)";
  private static final String SWEEP = "SELECT room, revision FROM carillon.presence_sweep(?)";
  private static final String PURGE = "SELECT carillon.presence_purge(?)";
  private static final String REVISIONS =
      "SELECT room, revision FROM carillon.room_presence WHERE room = ANY (?)";

  private final JdbcTemplate template;
  private final String instance;
  private final PresenceReader reader;

  /**
   * Creates a store; the first call takes a connection.
   *
   * @param source pooled connections of the server's role
   * @param instance this incarnation's id, as {@link JdbcInstances} renews its lease
   */
  public JdbcPresenceStore(DataSource source, String instance) {
    this.template = new JdbcTemplate(source, "presence");
    this.instance = instance;
    this.reader = new PresenceReader(template);
  }

  @Override
  public @Nullable Map<RoomName, Long> apply(List<PresenceAct> acts) {
    List<Row> rows = acts.stream().map(Row::of).toList();
    return template
        .with(
            connection -> {
              try {
                return Optional.of(
                    JdbcTemplate.query(
                        connection,
                        APPLY,
                        apply -> bind(apply, rows),
                        JdbcPresenceStore::revisions));
              } catch (SQLException failed) {
                if (LEASE_OVER.equals(failed.getSQLState())) {
                  return Optional.<Map<RoomName, Long>>empty();
                }
                if (Failure.of(failed) == Failure.DATA) {
                  throw new RefusedException(ErrorCode.BAD_DATA);
                }
                throw failed;
              }
            })
        .orElse(null);
  }

  private void bind(PreparedStatement apply, List<Row> rows) throws SQLException {
    Connection connection = apply.getConnection();
    apply.setString(1, instance);
    apply.setArray(2, texts(connection, rows.stream().map(Row::act).toArray()));
    apply.setArray(3, texts(connection, rows.stream().map(Row::room).toArray()));
    apply.setArray(4, texts(connection, rows.stream().map(Row::connection).toArray()));
    apply.setArray(5, texts(connection, rows.stream().map(Row::user).toArray()));
    apply.setArray(6, texts(connection, rows.stream().map(Row::state).toArray()));
    apply.setArray(7, connection.createArrayOf("int8", rows.stream().map(Row::millis).toArray()));
    apply.setArray(8, connection.createArrayOf("int8", rows.stream().map(Row::call).toArray()));
  }

  /** An act as the function takes it. */
  private record Row(
      String act,
      String room,
      String connection,
      String user,
      String state,
      long millis,
      long call) {
    static Row of(PresenceAct act) {
      return switch (act) {
        case PresenceAct.TrackConnection(RoomName r, String c, String u, String s) ->
            new Row("track", r.value(), c, u, s, 0, 0);
        case PresenceAct.Reassert(RoomName r, String c, String u, String s) ->
            new Row("assert", r.value(), c, u, s, 0, 0);
        case PresenceAct.UntrackConnection(RoomName r, String c, String u) ->
            new Row("untrack", r.value(), c, u, "", 0, 0);
        case PresenceAct.Close(RoomName r, String c, String u, Duration grace) ->
            new Row("close", r.value(), c, u, "", grace.toMillis(), 0);
        case PresenceAct.Lease(RoomName r, Lessee who, String s, Duration time) ->
            leased("lease", r, who, s, time);
        case PresenceAct.Renew(RoomName r, Lessee who, Duration time) ->
            leased("renew", r, who, "", time);
        case PresenceAct.Release(RoomName r, Lessee who, Duration grace) ->
            leased("release", r, who, "", grace);
        case PresenceAct.Unlease(RoomName r, Lessee who) ->
            leased("unlease", r, who, "", Duration.ZERO);
      };
    }

    private static Row leased(String act, RoomName room, Lessee who, String state, Duration time) {
      return new Row(act, room.value(), who.key(), who.user(), state, time.toMillis(), who.call());
    }
  }

  @Override
  public Map<RoomName, Long> retain(Collection<PresenceAct.Reassert> own, Duration grace) {
    return template.query(
        RETAIN,
        retain -> {
          Connection connection = retain.getConnection();
          retain.setString(1, instance);
          retain.setArray(
              2, texts(connection, own.stream().map(one -> one.room().value()).toArray()));
          retain.setArray(
              3, texts(connection, own.stream().map(PresenceAct.Reassert::connection).toArray()));
          retain.setLong(4, grace.toMillis());
        },
        JdbcPresenceStore::revisions);
  }

  @Override
  public Map<RoomName, Long> drain(Duration grace) {
    return template.query(
        DRAIN,
        drain -> {
          drain.setString(1, instance);
          drain.setLong(2, grace.toMillis());
        },
        JdbcPresenceStore::revisions);
  }

  @Override
  public Map<RoomName, Long> sweep() {
    return template.query(
        SWEEP, sweep -> sweep.setInt(1, SWEEP_ROOMS), JdbcPresenceStore::revisions);
  }

  @Override
  public void purge() {
    template.query(PURGE, purge -> purge.setInt(1, SWEEP_ROOMS), ResultSet::next);
  }

  @Override
  public Map<RoomName, Long> revisions(Collection<RoomName> rooms) {
    Object[] names = rooms.stream().map(RoomName::value).toArray();
    return template.query(
        REVISIONS,
        read -> read.setArray(1, texts(read.getConnection(), names)),
        JdbcPresenceStore::revisions);
  }

  @Override
  public Map<RoomName, PresenceChanges> changes(Map<RoomName, Long> since) {
    return reader.changes(since);
  }

  @Override
  public int count(RoomName room) {
    return reader.count(room);
  }

  @Override
  public MembersPage members(RoomName room, int limit, @Nullable String page) {
    return reader.members(room, limit, page);
  }

  static Array texts(Connection connection, Object[] texts) throws SQLException {
    return connection.createArrayOf("text", texts);
  }

  private static Map<RoomName, Long> revisions(ResultSet rows) throws SQLException {
    Map<RoomName, Long> revisions = new HashMap<>();
    while (rows.next()) {
      revisions.put(new RoomName(rows.getString(1)), rows.getLong(2));
    }
    return revisions;
  }
}
