package io.carillon.store.jdbc;

import io.carillon.core.Content;
import io.carillon.core.Event;
import io.carillon.core.RoomName;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Row of the transactional outbox, as the relay has read it. The function checks what it writes,
 * but an administrator can write into the table.
 */
record OutboxRow(
    long number,
    String room,
    String id,
    String name,
    String producer,
    String data,
    @Nullable String meta,
    short encoding) {

  /** Why it can never be published, as far as can be seen before; or null. */
  @Nullable String fault() {
    if (!RoomName.isValid(room)) {
      return "not a room name";
    }
    try {
      content();
      return null;
    } catch (SQLException notOne) {
      return "data is not of its encoding";
    }
  }

  private Content content() throws SQLException {
    return Encoding.read(data, encoding);
  }

  Event event(String epoch, long seq, Instant at) throws SQLException {
    return new Event(new RoomName(room), epoch, seq, id, name, content(), meta, producer, at, null);
  }
}
