package io.carillon.store.jdbc;

import io.carillon.core.RoomName;
import io.carillon.core.spi.Occupancy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Numbers of reading connections per room and instance, in {@code carillon.occupancy}. Only changes
 * are written; the numbers of an instance count as long as its lease lasts. Thread-safe.
 *
 * <p>A server of the version before knows no leases here: it counts and sweeps by {@code seen}, so
 * that is put some minutes ahead and moved on when half of them are over.
 */
public final class JdbcOccupancy implements Occupancy {
  private static final int AHEAD_SECONDS = 300;
  private static final int STALE_SECONDS = 10;

  private static final String TELL =
      """
      INSERT INTO carillon.occupancy AS o (room, instance, connections, seen)
      SELECT t.room, i.id, t.connections, clock_timestamp() + make_interval(secs => i.ahead)
      FROM (SELECT ?::text, ?::integer) AS i (id, ahead),
        unnest(?::text[], ?::integer[]) AS t (room, connections)
      WHERE NOT EXISTS (SELECT FROM carillon.occupancy k
                        WHERE k.room = t.room AND k.instance = i.id AND k.connections = t.connections
                          AND k.seen > clock_timestamp() + make_interval(secs => i.ahead / 2))
      ON CONFLICT (room, instance)
      DO UPDATE SET connections = excluded.connections, seen = excluded.seen\
      """;
  private static final String SWEEP =
      """
      DELETE FROM carillon.occupancy o
      WHERE (o.instance = ? AND o.room <> ALL (?::text[]))
        OR o.seen < clock_timestamp() - make_interval(secs => ?)
        OR o.seen > clock_timestamp() AND NOT EXISTS (
          SELECT FROM carillon.instance i WHERE i.id = o.instance AND i.expires > clock_timestamp())\
      """;

  /** Of an instance that lives; one of the version before says so in each row. */
  private static final String COUNTS =
      """
      o.seen > clock_timestamp() - make_interval(secs => ?) AND EXISTS (
        SELECT FROM carillon.instance i WHERE i.id = o.instance AND i.expires > clock_timestamp())
      """;

  private static final String OCCUPIED =
      "SELECT o.room FROM carillon.occupancy o WHERE starts_with(o.room, ?) AND "
          + COUNTS
          + """
          UNION
          SELECT p.room FROM carillon.presence p WHERE starts_with(p.room, ?) AND p.gone_at IS NULL
          ORDER BY 1 LIMIT ?\
          """;
  private static final String ELSEWHERE =
      "SELECT coalesce(sum(o.connections), 0) FROM carillon.occupancy o"
          + " WHERE o.room = ? AND o.instance <> ? AND "
          + COUNTS;

  private final JdbcTemplate template;
  private final String instance;

  /**
   * Takes a pool of the server's own role.
   *
   * @param instance this instance's unique id
   */
  public JdbcOccupancy(DataSource source, String instance) {
    this.template = new JdbcTemplate(source, "occupancy");
    this.instance = instance;
  }

  @Override
  public void report(Map<RoomName, Integer> connections) {
    List<RoomName> rooms = connections.keySet().stream().sorted().toList();
    String[] names = rooms.stream().map(RoomName::value).toArray(String[]::new);
    Integer[] counts = rooms.stream().map(connections::get).toArray(Integer[]::new);
    template.with(
        connection -> {
          if (names.length > 0) {
            JdbcTemplate.update(
                connection,
                TELL,
                tell -> {
                  tell.setString(1, instance);
                  tell.setInt(2, AHEAD_SECONDS);
                  tell.setArray(3, connection.createArrayOf("text", names));
                  tell.setArray(4, connection.createArrayOf("int4", counts));
                });
          }
          return JdbcTemplate.update(
              connection,
              SWEEP,
              sweep -> {
                sweep.setString(1, instance);
                sweep.setArray(2, connection.createArrayOf("text", names));
                sweep.setInt(3, STALE_SECONDS * 6);
              });
        });
  }

  @Override
  public List<RoomName> occupied(String prefix, int limit) {
    return template.query(
        OCCUPIED,
        ask -> {
          ask.setString(1, prefix);
          ask.setInt(2, STALE_SECONDS);
          ask.setString(3, prefix);
          ask.setInt(4, limit);
        },
        rows -> {
          List<RoomName> rooms = new ArrayList<>();
          while (rows.next()) {
            rooms.add(new RoomName(rows.getString(1)));
          }
          return rooms;
        });
  }

  @Override
  public int elsewhere(RoomName room) {
    return template.query(
        ELSEWHERE,
        ask -> {
          ask.setString(1, room.value());
          ask.setString(2, instance);
          ask.setInt(3, STALE_SECONDS);
        },
        row -> {
          row.next();
          return row.getInt(1);
        });
  }
}
