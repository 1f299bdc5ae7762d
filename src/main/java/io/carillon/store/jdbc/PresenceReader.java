package io.carillon.store.jdbc;

import io.carillon.core.ErrorCode;
import io.carillon.core.Member;
import io.carillon.core.MembersPage;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.spi.PresenceEntry;
import io.carillon.core.spi.PresenceStore.PresenceChanges;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reader of members over pooled connections; each read is one statement, hence one snapshot. */
final class PresenceReader {
  private static final String CHANGES =
      """
      SELECT q.room, x.revision, w.whole, p.instance, p.connection, p.username, p.state, p.since,
        p.tracked, p.leave_at IS NOT NULL AND p.instance <> '' AS leaving, p.gone_at IS NOT NULL
      FROM unnest(?::text[], ?::bigint[]) AS q (room, since)
      JOIN carillon.room_presence x ON x.room = q.room COLLATE "C"
      CROSS JOIN LATERAL (SELECT q.since < x.purged OR q.since > x.revision AS whole) w
      LEFT JOIN carillon.presence p ON p.room = x.room
        AND p.revision > CASE WHEN w.whole THEN 0 ELSE q.since END
        AND (p.gone_at IS NULL OR NOT w.whole)
      """;

  private static final String COUNT =
      "SELECT count(DISTINCT username) FROM carillon.presence WHERE room = ? AND gone_at IS NULL";

  private static final String MEMBERS =
      """
      SELECT username, (array_agg(state ORDER BY tracked DESC))[1],
        greatest(1, count(*) FILTER (WHERE leave_at IS NULL OR instance = '')), min(since),
        (SELECT count(DISTINCT username) FROM carillon.presence
         WHERE room = ? AND gone_at IS NULL) AS total
      FROM carillon.presence
      WHERE room = ? AND gone_at IS NULL AND username > ?
      GROUP BY username ORDER BY username LIMIT ?
      """;

  private final JdbcTemplate template;

  PresenceReader(JdbcTemplate template) {
    this.template = template;
  }

  Map<RoomName, PresenceChanges> changes(Map<RoomName, Long> since) {
    List<RoomName> rooms = List.copyOf(since.keySet());
    return template.query(
        CHANGES,
        read -> {
          Connection connection = read.getConnection();
          read.setArray(
              1,
              JdbcPresenceStore.texts(connection, rooms.stream().map(RoomName::value).toArray()));
          read.setArray(
              2, connection.createArrayOf("int8", rooms.stream().map(since::get).toArray()));
        },
        rows -> changes(rooms, rows));
  }

  private static Map<RoomName, PresenceChanges> changes(List<RoomName> rooms, ResultSet rows)
      throws SQLException {
    Map<RoomName, PresenceChanges> all = HashMap.newHashMap(rooms.size());
    rooms.forEach(room -> all.put(room, PresenceChanges.NOBODY));
    Map<RoomName, List<PresenceEntry>> entries = new HashMap<>();
    while (rows.next()) {
      RoomName room = new RoomName(rows.getString(1));
      List<PresenceEntry> theirs = entries.computeIfAbsent(room, r -> new ArrayList<>());
      if (rows.getString(4) != null) {
        theirs.add(entry(rows));
      }
      if (theirs.size() <= 1) {
        all.put(room, new PresenceChanges(rows.getLong(2), rows.getBoolean(3), List.of()));
      }
    }
    entries.forEach(
        (room, theirs) ->
            all.computeIfPresent(
                room, (r, known) -> new PresenceChanges(known.revision(), known.whole(), theirs)));
    return all;
  }

  private static PresenceEntry entry(ResultSet rows) throws SQLException {
    return new PresenceEntry(
        rows.getString(4),
        rows.getString(5),
        rows.getString(6),
        rows.getString(7),
        instant(rows, 8),
        rows.getLong(9),
        rows.getBoolean(10),
        rows.getBoolean(11));
  }

  int count(RoomName room) {
    return template.with(connection -> count(connection, room));
  }

  private static int count(Connection connection, RoomName room) throws SQLException {
    return JdbcTemplate.query(
        connection,
        COUNT,
        read -> read.setString(1, room.value()),
        row -> {
          row.next();
          return row.getInt(1);
        });
  }

  MembersPage members(RoomName room, int limit, @Nullable String page) {
    String after = page == null ? "" : userOf(page);
    int most = Math.max(1, limit);
    return template.with(
        connection -> {
          MembersPage found =
              JdbcTemplate.query(
                  connection,
                  MEMBERS,
                  read -> {
                    read.setString(1, room.value());
                    read.setString(2, room.value());
                    read.setString(3, after);
                    read.setInt(4, most + 1);
                  },
                  rows -> page(rows, most));
          return found.members().isEmpty() && !after.isEmpty()
              ? new MembersPage(count(connection, room), List.of(), null)
              : found;
        });
  }

  /** The total stands in every row. */
  private static MembersPage page(ResultSet rows, int limit) throws SQLException {
    List<Member> members = new ArrayList<>();
    int total = 0;
    while (rows.next()) {
      total = rows.getInt(5);
      members.add(
          new Member(rows.getString(1), rows.getString(2), rows.getInt(3), instant(rows, 4)));
    }
    if (members.size() <= limit) {
      return new MembersPage(total, members, null);
    }
    members.removeLast();
    return new MembersPage(total, members, pageAfter(members.getLast().user()));
  }

  private static String pageAfter(String user) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(user.getBytes(StandardCharsets.UTF_8));
  }

  private static String userOf(String page) {
    try {
      String user = new String(Base64.getUrlDecoder().decode(page), StandardCharsets.UTF_8);
      if (!user.isEmpty() && user.indexOf('\0') < 0) {
        return user;
      }
    } catch (IllegalArgumentException notOurs) {
      // Refused below.
    }
    throw new RefusedException(ErrorCode.BAD_CURSOR);
  }

  private static Instant instant(ResultSet rows, int column) throws SQLException {
    return rows.getObject(column, OffsetDateTime.class).toInstant();
  }
}
