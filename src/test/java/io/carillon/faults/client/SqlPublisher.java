package io.carillon.faults.client;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/** Publishes by SQL in a transaction of its own; every tenth one is rolled back. */
public final class SqlPublisher extends Publisher {
  private final Supplier<? extends DataSource> database;

  /**
   * See {@link Publisher}.
   *
   * @param database the primary, asked before each transaction
   */
  public SqlPublisher(
      RunContext context,
      String name,
      List<String> rooms,
      AtomicInteger ops,
      int interval,
      RandomGenerator random,
      Supplier<? extends DataSource> database) {
    super(context, name, "sql", rooms, ops, interval, random);
    this.database = database;
  }

  @Override
  List<Outcome> attempt(List<Item> items) {
    Item item = items.getFirst();
    boolean committing = false;
    try (Connection connection = database.get().getConnection();
        PreparedStatement call =
            connection.prepareStatement("select carillon.publish(?, 'fault', ?::jsonb, ?)")) {
      connection.setAutoCommit(false);
      call.setQueryTimeout(10);
      call.setString(1, item.room());
      call.setString(2, item.data());
      call.setString(3, item.key());
      String id;
      try (ResultSet row = call.executeQuery()) {
        row.next();
        id = row.getString(1);
      }
      if (random().nextInt(10) == 0) {
        connection.rollback();
        return List.of(new Outcome.Refused("rolled back"));
      }
      committing = true;
      connection.commit();
      return List.of(new Outcome.Committed(id));
    } catch (SQLException e) {
      String why = e.getSQLState() + ' ' + e.getMessage();
      return List.of(committing ? new Outcome.Unknown(why) : new Outcome.Later(why));
    }
  }
}
