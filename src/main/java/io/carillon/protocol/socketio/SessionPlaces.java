package io.carillon.protocol.socketio;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.Command.PresenceMode;
import io.carillon.core.Cursor;
import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Rooms of one session, and up to where its client was told of each. Every room that is joined gets
 * a number that no other of the session ever has. An offset says by these numbers how far the
 * client is beyond where it joined; what was stored and an offset together say where to go on.
 * Thread-safe.
 */
final class SessionPlaces {
  /** So that a string of somebody else is not taken for an offset. */
  private static final String MARK = "c~";

  private static final int BITS = 0x7fff_ffff;

  private static final int DEPTH = 2 * JsonText.MAX_DEPTH;
  private static final int MAX_ROOMS = 10_000;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<RoomName, SessionPlace> rooms = new LinkedHashMap<>();

  @GuardedBy("lock")
  private int next;

  /** Tells the offsets of this session from those of the client's sessions before. */
  @GuardedBy("lock")
  private String begin = MARK;

  /** The latest offset, until a room has moved on; null: to be written anew. */
  @GuardedBy("lock")
  private @Nullable String offset;

  /**
   * A room to go on with.
   *
   * @param after where
   * @param presence how it took part in presence
   */
  record Resumed(RoomName room, Cursor after, PresenceMode presence) {}

  /**
   * Begins, before anything is joined.
   *
   * @param pid the session's name
   */
  void begin(String pid) {
    lock.lock();
    try {
      begin = MARK + Integer.toString(pid.hashCode() & BITS, SessionPlace.BASE);
      offset = null;
    } finally {
      lock.unlock();
    }
  }

  /** A room was joined, anew if it was before; events follow after {@code from}. */
  void enter(RoomName room, Cursor from, PresenceMode presence) {
    lock.lock();
    try {
      rooms.put(room, new SessionPlace(next, from, SessionPlace.written(presence)));
      next++;
      offset = null;
    } finally {
      lock.unlock();
    }
  }

  /** It takes part in presence otherwise; false: the room is not joined. */
  boolean present(RoomName room, PresenceMode presence) {
    lock.lock();
    try {
      SessionPlace place = rooms.get(room);
      if (place != null) {
        place.presence = SessionPlace.written(presence);
      }
      return place != null;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a room is joined. */
  boolean has(RoomName room) {
    lock.lock();
    try {
      return rooms.containsKey(room);
    } finally {
      lock.unlock();
    }
  }

  /** The rooms that are joined. */
  List<RoomName> all() {
    lock.lock();
    try {
      return List.copyOf(rooms.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** How many rooms are joined. */
  int size() {
    lock.lock();
    try {
      return rooms.size();
    } finally {
      lock.unlock();
    }
  }

  /** A room was left; false: it was none of these. */
  boolean leave(RoomName room) {
    lock.lock();
    try {
      offset = null;
      return rooms.remove(room) != null;
    } finally {
      lock.unlock();
    }
  }

  /** All rooms are left; returns them. */
  List<RoomName> clear() {
    lock.lock();
    try {
      List<RoomName> all = List.copyOf(rooms.keySet());
      rooms.clear();
      offset = null;
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** The client is told of what lies before this position. */
  void told(RoomName room, Cursor cursor) {
    lock.lock();
    try {
      SessionPlace place = rooms.get(room);
      if (place != null) {
        place.told = cursor;
        offset = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * What the client is to know of how far it is; made of characters that JSON takes as they are.
   */
  String offset() {
    lock.lock();
    try {
      String known = offset;
      if (known == null) {
        StringBuilder out = new StringBuilder(24).append(begin);
        rooms.values().forEach(place -> place.append(out));
        known = out.toString();
        offset = known;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  /**
   * As it is to be stored.
   *
   * @param socket the session's public id
   */
  String state(String socket) {
    return state(socket, null, null);
  }

  /**
   * The same for a namespace that a bean handles.
   *
   * @param namespace its name; null: it is the conversation
   * @param data of the application, JSON, or null
   */
  String state(String socket, @Nullable String namespace, @Nullable String data) {
    lock.lock();
    try {
      JsonWriter out = new JsonWriter(new StringBuilder(128)).beginObject();
      out.field("socket", socket).field("next", next);
      out.optional("nsp", namespace).rawField("data", data);
      out.name("rooms").beginArray();
      rooms.forEach(
          (room, place) ->
              out.beginObject()
                  .field("n", place.number)
                  .field("room", room.value())
                  .field("at", place.joined.toString())
                  .optional("presence", place.presence)
                  .endObject());
      return out.endArray().endObject().toString();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes over what was stored.
   *
   * @param state as {@link #state} wrote it
   * @param seen the latest offset that the client has; null: it has had none. That of a session
   *     before is kept by the client until it gets one of this, and is none
   * @return the rooms to go on with; null: the offset is none of this session
   */
  @Nullable List<Resumed> restore(JsonFields state, @Nullable String seen) {
    lock.lock();
    try {
      Map<Integer, String[]> positions = positions(seen);
      if (positions == null) {
        return null;
      }
      List<Resumed> resumed = new ArrayList<>();
      offset = null;
      next = (int) state.integer("next", 0);
      String all = state.raw("rooms");
      for (String each :
          JsonText.elements(all == null ? "[]" : all, DEPTH, MAX_ROOMS, ErrorCode.BAD_DATA)) {
        JsonFields fields = JsonFields.parse(each, DEPTH, ErrorCode.BAD_DATA);
        RoomName room = new RoomName(fields.requiredString("room"));
        Cursor joined = Cursor.parse(fields.requiredString("at"));
        SessionPlace place =
            new SessionPlace((int) fields.integer("n", 0), joined, fields.string("presence"));
        String[] position = positions.get(place.number);
        if (position != null) {
          place.told =
              new Cursor(
                  position.length > 2 ? position[2] : joined.epoch(),
                  Long.parseLong(position[1], SessionPlace.BASE));
        }
        rooms.put(room, place);
        resumed.add(new Resumed(room, place.told, place.mode()));
      }
      return resumed;
    } catch (NumberFormatException | RefusedException foreign) {
      rooms.clear();
      return null;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private @Nullable Map<Integer, String[]> positions(@Nullable String seen) {
    Map<Integer, String[]> positions = new LinkedHashMap<>();
    if (seen == null) {
      return positions;
    }
    if (!seen.startsWith(MARK)) {
      return null;
    }
    String[] places = seen.split(String.valueOf(SessionPlace.BEGIN), -1);
    if (!places[0].equals(begin)) {
      return positions;
    }
    try {
      for (int i = 1; i < places.length; i++) {
        String[] parts = places[i].split("\\" + SessionPlace.PART, -1);
        if (parts.length != 2 && parts.length != 3) {
          return null;
        }
        positions.put(Integer.parseInt(parts[0], SessionPlace.BASE), parts);
      }
      return positions;
    } catch (NumberFormatException foreign) {
      return null;
    }
  }
}
