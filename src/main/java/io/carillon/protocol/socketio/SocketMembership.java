package io.carillon.protocol.socketio;

import io.carillon.core.Command;
import io.carillon.core.Command.PresenceMode;
import io.carillon.core.Cursor;
import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Reply;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.RecoveryStore.Owned;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.LinkControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Rooms and session of one handled socket. Rooms are joined in the core without asking for the
 * user's rights, since the handler decides. A change of the session is stored before it is
 * answered. Thread-safe.
 */
final class SocketMembership {
  private static final int DEPTH = 2 * JsonText.MAX_DEPTH;
  private static final int MAX_PID = 64;
  private static final int MAX_DATA = 16 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final SocketHub hub;
  private final String namespace;
  private final LinkControl link;
  private final OwnCalls calls;
  private final String connection;
  private final SessionPlaces places = new SessionPlaces();
  private final Resumption resumption = new Resumption();
  private final Set<String> rooms = ConcurrentHashMap.newKeySet();
  private final List<SessionPlaces.Resumed> resumed = new ArrayList<>(0);
  private volatile String id = "";
  private volatile String pid = "";
  private volatile @Nullable String data;
  private volatile boolean settled;
  private volatile boolean recovered;
  private String user = "";

  SocketMembership(
      SocketHub hub, String namespace, LinkControl link, OwnCalls calls, String connection) {
    this.hub = hub;
    this.namespace = namespace;
    this.link = link;
    this.calls = calls;
    this.connection = connection;
  }

  String id() {
    return id;
  }

  /** The session's secret; null: none is kept. */
  @Nullable String pid() {
    return hub.sessions().kept() ? pid : null;
  }

  boolean recovered() {
    return recovered;
  }

  Resumption resumption() {
    return resumption;
  }

  Set<String> rooms() {
    return Set.copyOf(rooms);
  }

  @Nullable String data() {
    return data;
  }

  private Owned owned() {
    return new Owned(pid, connection);
  }

  /**
   * Begins with a session that the client has had, or with a new one; nothing of the old one is
   * joined yet.
   *
   * @param auth what the client says
   */
  void begin(JsonFields auth, @Nullable Identity who) {
    user = (who == null ? Identity.GUEST : who).user();
    String before = text(auth, "pid");
    recovered = before != null && before.length() <= MAX_PID && resume(before, auth);
    if (!recovered) {
      pid = hub.sessions().secret();
      id = hub.newId();
      places.begin(pid);
      enter(CoreRoomNames.of(namespace), null);
      // A room of its own that is new: what is emitted to it is found from its beginning.
      places.enter(CoreRoomNames.of(namespace, id), Cursor.START, PresenceMode.NONE);
    }
  }

  private boolean resume(String before, JsonFields auth) {
    pid = before;
    Optional<String> state = hub.sessions().claim(owned(), user);
    if (state.isEmpty()) {
      return false;
    }
    places.begin(pid);
    JsonFields fields = JsonFields.parse(state.get(), DEPTH, ErrorCode.BAD_DATA);
    String seen = text(auth, "offset");
    List<SessionPlaces.Resumed> rest =
        namespace.equals(fields.string("nsp")) ? places.restore(fields, seen) : null;
    if (rest != null) {
      for (SessionPlaces.Resumed each : rest) {
        String room = CoreRoomNames.room(each.room());
        if (room != null) {
          rooms.add(room);
        }
      }
    }
    id = fields.requiredString("socket");
    rooms.remove(id);
    // A client that has had nothing and was nowhere has nothing to go on with.
    if (rest == null || (seen == null && rooms.isEmpty())) {
      places.clear();
      rooms.clear();
      hub.sessions().forget(owned());
      return false;
    }
    data = fields.raw("data");
    resumed.addAll(rest);
    return true;
  }

  private static @Nullable String text(JsonFields auth, String field) {
    String raw = auth.raw(field);
    return raw != null && JsonText.isString(raw) ? auth.string(field) : null;
  }

  /** Joins the rooms of a session that goes on, as far as they were not left meanwhile. */
  void joinResumed() {
    for (SessionPlaces.Resumed each : resumed) {
      if (places.has(each.room())) {
        calls.call(
            link,
            ref -> join(ref, each.room(), each.after()),
            reply -> {
              if (reply instanceof Reply.JoinedRoom r) {
                resumption.entered(r.joined());
              }
            });
      }
    }
  }

  /** Begins to read what is emitted to it alone, if it has not gone on with a session. */
  void joinOwn() {
    if (!recovered) {
      RoomName own = CoreRoomNames.of(namespace, id);
      calls.send(link, ref -> join(ref, own, Cursor.START));
    }
  }

  private static Command.Join join(String ref, RoomName room, @Nullable Cursor after) {
    return new Command.Join(ref, room, after, 0, PresenceMode.NONE, true, true, true);
  }

  private void enter(RoomName room, @Nullable String name) {
    calls.call(
        link,
        ref -> join(ref, room, null),
        reply -> {
          if (reply instanceof Reply.JoinedRoom r) {
            places.enter(room, r.joined().cursor(), PresenceMode.NONE);
            if (name != null) {
              rooms.add(name);
            }
          }
        });
  }

  void join(String room) {
    lock.lock();
    try {
      if (room.equals(id) || rooms.contains(room)) {
        return;
      }
      RoomName name = CoreRoomNames.of(namespace, room);
      enter(name, room);
      try {
        store();
      } catch (RefusedException notStored) {
        exit(name, room);
        throw notStored;
      }
    } finally {
      lock.unlock();
    }
  }

  void leave(String room) {
    lock.lock();
    try {
      if (rooms.contains(room)) {
        exit(CoreRoomNames.of(namespace, room), room);
        store();
      }
    } finally {
      lock.unlock();
    }
  }

  private void exit(RoomName name, String room) {
    rooms.remove(room);
    places.leave(name);
    calls.call(link, ref -> new Command.Leave(ref, name), reply -> {});
  }

  void data(@Nullable String json) {
    if (json != null && json.length() > MAX_DATA) {
      throw new IllegalArgumentException("more than 16 KiB of data");
    }
    lock.lock();
    try {
      data = json;
      store();
    } finally {
      lock.unlock();
    }
  }

  /** The handler has let the socket in: from now on what it has is stored. */
  void settle() {
    lock.lock();
    try {
      settled = true;
      store();
    } finally {
      lock.unlock();
    }
  }

  private void store() {
    if (!settled) {
      return;
    }
    try {
      hub.sessions().save(owned(), user, places.state(id, namespace, data));
    } catch (LogUnavailableException away) {
      throw new RefusedException(ErrorCode.STORAGE);
    }
  }

  /** Nothing is there to go on with; the rooms are left. Returns at once. */
  void forget() {
    drop();
    List<Decoded> leaves = new ArrayList<>();
    places.clear().forEach(room -> leaves.add(new Decoded.Asked(new Command.Leave(null, room))));
    link.act(leaves);
  }

  /** There is nothing to go on with. */
  void drop() {
    if (!pid.isEmpty()) {
      hub.sessions().drop(owned());
    }
  }

  /** Whether a room's name is its id, or that of a room that it is in. */
  boolean in(String room) {
    return room.equals(id) || rooms.contains(room);
  }

  /** A frame is written, or passed over: the client is as far as that. */
  void told(SocketIoFrame frame) {
    RoomName room = frame.room();
    if (room != null && frame.cursor() != null) {
      places.told(room, frame.cursor());
    }
  }

  /** The last argument of what is told now; null: there is none. */
  @Nullable String offset() {
    return hub.sessions().kept() ? places.offset() : null;
  }
}
