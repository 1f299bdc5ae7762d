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
 * Rooms of one session, with the client's position in each. Every join gives a room a number that
 * is never used again in the session. An offset encodes, by these numbers, the client's progress
 * since each join; the stored state and an offset together give the positions to resume from.
 * Thread-safe.
 */
final class SessionPlaces {
  /** Prefix of all offsets; other servers' offsets do not have it. */
  private static final String MARK = "c~";

  private static final int BITS = 0x7fff_ffff;

  private static final int DEPTH = 2 * JsonText.MAX_DEPTH;
  private static final int MAX_ROOMS = 10_000;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<RoomName, SessionPlace> rooms = new LinkedHashMap<>();

  @GuardedBy("lock")
  private int next;

  /** Beginning of this session's offsets, unlike those of the client's earlier sessions. */
  @GuardedBy("lock")
  private String begin = MARK;

  /** Cached offset; null: a position has changed since. */
  @GuardedBy("lock")
  private @Nullable String offset;

  /**
   * Room to resume.
   *
   * @param after position to resume from
   * @param presence its presence mode
   */
  record Resumed(RoomName room, Cursor after, PresenceMode presence) {}

  /**
   * Begins a session, before anything is joined.
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

  /** Adds a joined room, under a new number if it was joined before; events follow {@code from}. */
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

  /** Changes the presence mode of a room; false: it is not joined. */
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

  /** All joined rooms. */
  List<RoomName> all() {
    lock.lock();
    try {
      return List.copyOf(rooms.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** Number of joined rooms. */
  int size() {
    lock.lock();
    try {
      return rooms.size();
    } finally {
      lock.unlock();
    }
  }

  /** Removes a room; false: it was not joined. */
  boolean leave(RoomName room) {
    lock.lock();
    try {
      offset = null;
      return rooms.remove(room) != null;
    } finally {
      lock.unlock();
    }
  }

  /** Removes all rooms and returns them. */
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

  /** Notes that the client gets all events up to this position. */
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

  /** Offset that the client sends back to resume; its characters need no escapes in JSON. */
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
   * State to store.
   *
   * @param socket the session's public id
   */
  String state(String socket) {
    return state(socket, null, null);
  }

  /**
   * State to store of a socket in a namespace that a bean handles.
   *
   * @param namespace name of the namespace; null: no bean handles it
   * @param data data of the application as JSON, or null
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
   * Restores a stored session.
   *
   * @param state as {@link #state} wrote it
   * @param seen the latest offset that the client has; null: none. An offset of an earlier session,
   *     which a client keeps until it gets one of this session, counts as none
   * @return the rooms to resume; null: the offset is not one of this session
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
