package io.carillon.store.jdbc;

import io.carillon.core.Content;
import io.carillon.core.Publication;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Publishing inside a transaction of the caller's connection: the event is in the log within a
 * second after the commit, and never after a rollback. Stateless; any connection of the server's
 * role will do.
 *
 * <p>After the commit {@link OutboxRelay#wake} shortens the way; without it the relay looks at
 * least every 50 ms.
 */
public final class TransactionOutbox {
  private static final String PUBLISH = "SELECT carillon.publish_content(?, ?, ?, ?, ?, ?, ?)";

  private TransactionOutbox() {}

  /**
   * Adds a publication to the transaction of the connection. Its {@code origin} is not kept, and
   * without a key the database makes the id.
   *
   * @return the event's id
   * @throws SQLException if the database refuses it; the transaction has failed then
   */
  public static String publish(Connection connection, Publication publication) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PUBLISH)) {
      statement.setString(1, publication.by());
      statement.setString(2, publication.room().value());
      statement.setString(3, publication.name().value());
      switch (publication.content()) {
        case Content.Json(String text) -> {
          statement.setString(4, text);
          statement.setBytes(5, null);
        }
        case Content.Binary bytes -> {
          statement.setString(4, null);
          statement.setBytes(5, bytes.toArray());
        }
      }
      statement.setString(6, publication.keyed() ? publication.id() : null);
      statement.setString(7, publication.meta());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }
}
