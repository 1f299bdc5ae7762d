package io.carillon.protocol;

import io.carillon.core.Cursor;
import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Position of a reader in several rooms: the rooms' cursors joined by commas in the order of the
 * request. For one room it is that room's cursor. Not thread-safe.
 */
public final class CursorList {
  private final Map<RoomName, Integer> places = new HashMap<>();
  private final List<Cursor> cursors = new ArrayList<>();

  /** A reader of these rooms, in this order, at the start of each. */
  public CursorList(List<RoomName> rooms) {
    for (RoomName room : rooms) {
      places.put(room, cursors.size());
      cursors.add(Cursor.START);
    }
  }

  /**
   * Reads a written list.
   *
   * @param text the cursors, joined by commas
   * @param rooms how many there must be
   * @throws RefusedException with {@link ErrorCode#BAD_CURSOR} if it is not a list of that many
   */
  public static List<Cursor> parse(String text, int rooms) {
    if (text.length() > (long) rooms * (Cursor.MAX_LENGTH + 1)) {
      throw new RefusedException(ErrorCode.BAD_CURSOR);
    }
    String[] parts = text.split(",", -1);
    if (parts.length != rooms) {
      throw new RefusedException(ErrorCode.BAD_CURSOR);
    }
    List<Cursor> cursors = new ArrayList<>(rooms);
    for (String part : parts) {
      cursors.add(Cursor.parse(part));
    }
    return cursors;
  }

  /** Takes what a frame says about positions; rooms that are not in the list are ignored. */
  public void advance(Collection<RoomCursor> positions) {
    for (RoomCursor position : positions) {
      Integer place = places.get(position.room());
      if (place != null) {
        cursors.set(place, position.cursor());
      }
    }
  }

  /** Where the reader is in the room at this place of the list. */
  public Cursor at(int place) {
    return cursors.get(place);
  }

  @Override
  public String toString() {
    if (cursors.size() == 1) {
      return cursors.getFirst().toString();
    }
    StringBuilder out = new StringBuilder(cursors.size() * 16);
    for (Cursor cursor : cursors) {
      out.append(out.isEmpty() ? "" : ",").append(cursor);
    }
    return out.toString();
  }
}
