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
  private static final int MAX_DATA = 16 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final SocketHub hub;
  private final String namespace;
  private final LinkControl link;
  private final OwnCalls calls;
  private final HandledSession session;
  private final SessionPlaces places = new SessionPlaces();
  private final Resumption resumption = new Resumption();
  private final Set<String> rooms = ConcurrentHashMap.newKeySet();
  private final List<SessionPlaces.Resumed> resumed = new ArrayList<>(0);
  private volatile String id = "";
  private volatile @Nullable String data;
  private volatile boolean settled;
  private volatile boolean recovered;

  /** Whether nothing is to be left in the core or the store. */
  private volatile boolean forgotten;

  SocketMembership(
      SocketHub hub, String namespace, LinkControl link, OwnCalls calls, String connection) {
    this.hub = hub;
    this.namespace = namespace;
    this.link = link;
    this.calls = calls;
    this.session = new HandledSession(hub.sessions(), connection);
  }

  String id() {
    return id;
  }

  boolean recovered() {
    return recovered;
  }

  HandledSession session() {
    return session;
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

  /**
   * Resumes the client's session, whose rooms are not joined yet, or begins a new one.
   *
   * @param auth payload of CONNECT
   */
  void begin(JsonFields auth, @Nullable Identity who) {
    String user = (who == null ? Identity.GUEST : who).user();
    recovered = resume(user, auth);
    if (!recovered) {
      id = hub.newId();
      places.begin(session.begin(user));
      enter(CoreRoomNames.of(namespace), null);
      // The room of the id is new: emits to it are found from its beginning.
      places.enter(CoreRoomNames.of(namespace, id), Cursor.START, PresenceMode.NONE);
    }
    forgetAgain();
  }

  private boolean resume(String user, JsonFields auth) {
    String before = SocketEntrance.text(auth, "pid");
    Optional<String> state = session.claim(before, user);
    if (before == null || state.isEmpty()) {
      return false;
    }
    places.begin(before);
    JsonFields fields = JsonFields.parse(state.get(), DEPTH, ErrorCode.BAD_DATA);
    String seen = SocketEntrance.text(auth, "offset");
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
    // Without an event and without a room there is nothing to resume.
    if (rest == null || (seen == null && rooms.isEmpty())) {
      places.clear();
      rooms.clear();
      session.discard();
      return false;
    }
    data = fields.raw("data");
    resumed.addAll(rest);
    return true;
  }

  /** Joins the rooms of a resumed session that the handler has not left meanwhile. */
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
        leaveIfForgotten(each.room());
      }
    }
  }

  private void leaveIfForgotten(RoomName room) {
    if (forgotten) {
      calls.send(link, ref -> new Command.Leave(ref, room));
    }
  }

  /** Joins the room of the socket's id, unless the session was resumed and has it. */
  void joinOwn() {
    if (!recovered) {
      RoomName own = CoreRoomNames.of(namespace, id);
      calls.send(link, ref -> join(ref, own, Cursor.START));
      leaveIfForgotten(own);
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
    forgetAgain();
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

  /**
   * Stores the session, now that the handler has let the client in, and at each change from now on.
   */
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
      session.save(places.state(id, namespace, data));
    } finally {
      forgetAgain();
    }
  }

  /**
   * Leaves all rooms and removes the session from the store, now and after each change that is
   * still under way on another thread. Returns at once.
   */
  void forget() {
    forgotten = true;
    session.drop();
    link.act(
        places.clear().stream()
            .<Decoded>map(room -> new Decoded.Asked(new Command.Leave(null, room)))
            .toList());
  }

  private void forgetAgain() {
    if (forgotten) {
      forget();
    }
  }

  /** Whether the socket is in a room, or the name is its id. */
  boolean in(String room) {
    return room.equals(id) || rooms.contains(room);
  }

  /** Notes the position of a frame that is written or left out. */
  void told(SocketIoFrame frame) {
    RoomName room = frame.room();
    if (room != null && frame.cursor() != null) {
      places.told(room, frame.cursor());
    }
  }

  /** Last argument of the next event; null: sessions are not kept. */
  @Nullable String offset() {
    return session.kept() ? places.offset() : null;
  }
}
