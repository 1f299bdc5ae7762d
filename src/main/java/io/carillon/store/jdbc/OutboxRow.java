package io.carillon.store.jdbc;

import io.carillon.core.Event;
import io.carillon.core.RoomName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Row of the transactional outbox, as the relay has read it. */
record OutboxRow(
    long number,
    String room,
    String id,
    String name,
    String producer,
    String data,
    @Nullable String meta) {

  Event event(String epoch, long seq, Instant at) {
    return new Event(new RoomName(room), epoch, seq, id, name, data, meta, producer, at, null);
  }
}
