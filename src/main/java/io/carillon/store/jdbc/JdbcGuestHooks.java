package io.carillon.store.jdbc;

import io.carillon.core.RoomName;
import io.carillon.core.spi.GuestApp;
import io.carillon.core.spi.GuestHooks;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Webhooks of applications in {@code carillon.guest_hook}. Thread-safe. */
public final class JdbcGuestHooks implements GuestHooks {
  private static final String SWEEP = "SELECT carillon.guest_sweep(?, ?, ?)";
  private static final String COUNTS = "SELECT * FROM carillon.guest_counts(?, ?, ?)";
  private static final String ADD =
      """
      INSERT INTO carillon.guest_hook (app, address, event)
      SELECT ?, a.address, e.event
      FROM unnest(?::text[]) WITH ORDINALITY AS e (event, place), unnest(?::text[]) AS a (address)
      ORDER BY e.place\
      """;
  private static final String CLAIM =
      """
      UPDATE carillon.guest_hook h
      SET due = clock_timestamp() + make_interval(secs => ?), tries = h.tries + 1
      FROM (
        SELECT d.id FROM carillon.guest_hook d
        WHERE d.due <= clock_timestamp() AND d.address <> ALL (?::text[])
        ORDER BY d.id LIMIT ? FOR UPDATE SKIP LOCKED) AS c
      WHERE h.id = c.id
      RETURNING h.id, h.app, h.address, h.event, h.tries\
      """;
  private static final String DONE = "DELETE FROM carillon.guest_hook WHERE id = ANY (?)";
  private static final String GIVE_UP =
      """
      DELETE FROM carillon.guest_hook
      WHERE id = ANY (?) AND created < clock_timestamp() - interval '1 day'\
      """;
  private static final String LATER =
      """
      UPDATE carillon.guest_hook SET due = clock_timestamp() + make_interval(secs => ?)
      WHERE id = ANY (?)\
      """;

  private final JdbcTemplate template;

  /** Takes a pool of the server's own role. */
  public JdbcGuestHooks(DataSource source) {
    this.template = new JdbcTemplate(source, "webhooks");
  }

  @Override
  public void sweep(GuestApp app) {
    template.with(
        connection ->
            JdbcTemplate.query(
                connection, SWEEP, sweep -> name(app, connection, sweep), rows -> rows.next()));
  }

  @Override
  public Map<RoomName, Integer> counts(GuestApp app) {
    return template.with(
        connection ->
            JdbcTemplate.query(
                connection,
                COUNTS,
                counts -> name(app, connection, counts),
                rows -> {
                  Map<RoomName, Integer> changed = new LinkedHashMap<>();
                  while (rows.next()) {
                    changed.put(new RoomName(rows.getString(1)), rows.getInt(2));
                  }
                  return changed;
                }));
  }

  @Override
  public void add(GuestApp app, List<String> events) {
    template.with(
        connection ->
            JdbcTemplate.update(
                connection,
                ADD,
                add -> {
                  add.setString(1, app.id());
                  add.setArray(2, texts(connection, events));
                  add.setArray(3, texts(connection, app.hooks()));
                }));
  }

  @Override
  public List<Due> claim(int most, Duration time, Collection<String> busy) {
    return template.with(
        connection ->
            JdbcTemplate.query(
                connection,
                CLAIM,
                claim -> {
                  claim.setDouble(1, time.toMillis() / 1000.0);
                  claim.setArray(2, texts(connection, busy));
                  claim.setInt(3, most);
                },
                rows -> {
                  List<Due> due = new ArrayList<>();
                  while (rows.next()) {
                    due.add(
                        new Due(
                            rows.getLong(1),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getString(4),
                            rows.getInt(5)));
                  }
                  due.sort(Comparator.comparingLong(Due::id));
                  return due;
                }));
  }

  @Override
  public void done(Collection<Long> ids) {
    template.with(
        connection ->
            JdbcTemplate.update(
                connection, DONE, done -> done.setArray(1, numbers(connection, ids))));
  }

  @Override
  public void later(Collection<Long> ids, Duration after) {
    template.with(
        connection -> {
          JdbcTemplate.update(
              connection, GIVE_UP, old -> old.setArray(1, numbers(connection, ids)));
          return JdbcTemplate.update(
              connection,
              LATER,
              later -> {
                later.setDouble(1, after.toMillis() / 1000.0);
                later.setArray(2, numbers(connection, ids));
              });
        });
  }

  /** Fills in the parameters of a function that compares an application's channels. */
  private static void name(GuestApp app, Connection connection, PreparedStatement call)
      throws SQLException {
    call.setString(1, app.id());
    call.setString(2, app.namespace());
    call.setArray(3, texts(connection, app.hooks()));
  }

  private static Array texts(Connection connection, Collection<String> texts) throws SQLException {
    return connection.createArrayOf("text", texts.toArray(String[]::new));
  }

  private static Array numbers(Connection connection, Collection<Long> ids) throws SQLException {
    return connection.createArrayOf("int8", ids.toArray(Long[]::new));
  }
}
