package io.carillon.protocol;

import io.carillon.core.connection.Frame;
import java.util.List;

/**
 * Delivery as a long poll's answer carries it.
 *
 * @param kind what it is
 * @param json an event or a resync as JSON; empty for the other kinds
 * @param positions where the reader is after it; for {@link Kind#BEGIN} the cursors of the rooms
 *     that can be served, for {@link Kind#RESYNC} the head
 * @param heads the heads of the rooms, where the delivery tells them; for {@link Kind#BEGIN} of all
 *     rooms: those without a position will be told a resync
 */
public record PageFrame(Kind kind, String json, List<RoomCursor> positions, List<RoomCursor> heads)
    implements Frame {
  /** What a delivery is to a poll. */
  public enum Kind {
    /** The rooms are joined. */
    BEGIN,
    /** An event. */
    EVENT,
    /** The cursor cannot be served. */
    RESYNC,
    /** The poll must end now. */
    END,
    /** Nothing that a poll shows. */
    OTHER
  }

  /** Copies the lists. */
  public PageFrame {
    positions = List.copyOf(positions);
    heads = List.copyOf(heads);
  }

  @Override
  public int size() {
    return 16 + json.length();
  }
}
