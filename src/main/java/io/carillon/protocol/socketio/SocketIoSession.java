package io.carillon.protocol.socketio;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.Delivery;
import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.Reply;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Frame;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.spi.Credentials;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.RecoveryStore.Owned;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.LinkControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Session of one connection in the main namespace, from CONNECT, new or with recovery of an earlier
 * session, to DISCONNECT. The work for commands runs on the thread of the connection's commands and
 * may wait for the store.
 */
final class SocketIoSession {
  /** Reference of commands of the session itself; those of a client are numbers. */
  private static final String OWN = "\"carillon\"";

  private static final int DEPTH = 2 * JsonText.MAX_DEPTH;
  private static final int MAX_PID = 64;
  private static final List<Decoded> AWAY =
      List.of(new Decoded.Disconnect(CloseCode.OVERLOAD, "storage"));

  private final Credentials credentials;
  private final RecoverySessions sessions;
  private final SessionPlaces places = new SessionPlaces();

  /** User of the handshake's credential, or null. */
  private final @Nullable String known;

  private volatile Resumption resumption = new Resumption();
  private volatile Phase phase = Phase.OUTSIDE;
  private String connection = "";
  private String user = "";
  private String socket = "";
  private volatile String pid = "";
  private boolean failed;
  private @Nullable LinkControl link;

  /** State of the connection to the namespace. */
  enum Phase {
    /** Not connected. */
    OUTSIDE,
    /** CONNECT is not answered yet. */
    ENTERING,
    /** Connected. */
    INSIDE
  }

  SocketIoSession(Credentials credentials, RecoverySessions sessions, @Nullable String known) {
    this.credentials = credentials;
    this.sessions = sessions;
    this.known = known;
  }

  void linked(LinkControl its) {
    link = its;
  }

  void opened(Delivery.Welcome welcome) {
    connection = welcome.connection();
  }

  Phase phase() {
    return phase;
  }

  /** Last argument of the next event; null: none, for sessions are not kept. */
  @Nullable String offset() {
    return sessions.kept() ? places.offset() : null;
  }

  /** Whether a command is one of the session itself, whose answer no client waits for. */
  static boolean isOwn(Command command) {
    return OWN.equals(command.ref());
  }

  private Owned owned() {
    return new Owned(pid, connection);
  }

  /**
   * Handles CONNECT.
   *
   * @param payload its object as JSON, or null
   */
  Decoded enter(@Nullable String payload) {
    phase = Phase.ENTERING;
    return new Decoded.Later(() -> admit(payload));
  }

  private List<Decoded> admit(@Nullable String payload) {
    List<Decoded> parts = new ArrayList<>();
    try {
      JsonFields auth =
          JsonFields.parse(payload == null ? "{}" : payload, DEPTH, ErrorCode.BAD_FRAME);
      user = user(auth, parts);
      String before = auth.string("pid");
      String seen = auth.string("offset");
      boolean kept = sessions.kept();
      if (!kept || before == null || before.length() > MAX_PID || !resume(before, seen, parts)) {
        parts.add(begin());
      }
      return parts;
    } catch (RefusedException refused) {
      phase = Phase.OUTSIDE;
      return List.of(
          new Decoded.Said(SocketIoAnswers.refused(SocketIoPacket.MAIN, refused.rejection())));
    } catch (LogUnavailableException away) {
      return AWAY;
    }
  }

  /** User of the session; a token in CONNECT takes precedence over the handshake's credential. */
  private String user(JsonFields auth, List<Decoded> parts) {
    String raw = auth.raw("token");
    if (raw == null || !JsonText.isString(raw)) {
      if (known == null) {
        throw new RefusedException(ErrorCode.UNAUTHENTICATED);
      }
      return known;
    }
    Identity who = credentials.verify(auth.requiredString("token"));
    LinkControl here = link;
    Identity now = here == null ? Identity.NOBODY : here.identity();
    if (!now.isUnknown() && !now.user().equals(who.user())) {
      throw new RefusedException(ErrorCode.FORBIDDEN);
    }
    parts.add(new Decoded.Identified(who));
    return who.user();
  }

  private Decoded begin() {
    pid = sessions.kept() ? sessions.secret() : "";
    places.begin(pid);
    socket = connection;
    phase = Phase.INSIDE;
    return new Decoded.Said(connected());
  }

  /** Answer to CONNECT; the session is connected from then on. */
  Frame connected() {
    phase = Phase.INSIDE;
    return HandledFrames.connected(SocketIoPacket.MAIN, socket, sessions.kept() ? pid : null);
  }

  private boolean resume(String before, @Nullable String seen, List<Decoded> parts) {
    pid = before;
    Optional<String> state = sessions.claim(owned(), user);
    if (state.isEmpty()) {
      return false;
    }
    places.begin(pid);
    JsonFields fields = JsonFields.parse(state.get(), DEPTH, ErrorCode.BAD_DATA);
    List<SessionPlaces.Resumed> rooms = fields.has("nsp") ? null : places.restore(fields, seen);
    if (rooms == null) {
      sessions.forget(owned());
      return false;
    }
    socket = fields.requiredString("socket");
    for (SessionPlaces.Resumed room : rooms) {
      parts.add(
          new Decoded.Asked(
              new Command.Join(OWN, room.room(), room.after(), 0, room.presence(), true)));
    }
    parts.add(new Decoded.Later(() -> resumed(rooms.size())));
    return true;
  }

  private List<Decoded> resumed(int before) {
    if (failed || (places.size() != before && !save())) {
      return AWAY;
    }
    return resumption.joinedAll() ? List.of(new Decoded.Said(connected())) : List.of();
  }

  /** Message for the reply to a command of the session itself; null: none. */
  @Nullable Frame ownAnswered(Reply reply, Command command) {
    if (reply instanceof Reply.JoinedRoom r) {
      resumption.entered(r.joined());
    } else if (reply instanceof Reply.Refused r && command instanceof Command.Join join) {
      Rejection rejection = r.rejection();
      if (rejection.code().retryable()) {
        failed = true;
      } else {
        places.leave(join.room());
        return SocketIoEncoder.left(join.room(), rejection.code().code());
      }
    }
    return null;
  }

  /** Notes a written frame; returns the packet that follows it, or null. */
  @Nullable Frame follows(SocketIoFrame frame) {
    RoomName room = frame.room();
    if (room != null && frame.cursor() != null) {
      places.told(room, frame.cursor());
    }
    return resumption.toldAfter(frame) ? connected() : null;
  }

  /** Ends the wait for missed events, at a heartbeat; returns the answer to CONNECT, or null. */
  @Nullable Frame patienceEnded() {
    return phase == Phase.ENTERING && resumption.giveUp() ? connected() : null;
  }

  /**
   * Stores a change that a command made to the session's rooms, before it is acknowledged.
   *
   * @return false: it could not be stored
   */
  boolean changed(Reply reply, Command command) {
    boolean stored = true;
    if (reply instanceof Reply.JoinedRoom r && command instanceof Command.Join join) {
      places.enter(join.room(), r.joined().cursor(), join.presence());
      stored = save();
      if (!stored) {
        places.leave(join.room());
      }
    } else if (reply instanceof Reply.Done) {
      boolean changes =
          switch (command) {
            case Command.Leave leave -> places.leave(leave.room());
            case Command.Track track ->
                places.present(
                    track.room(), new Command.PresenceMode.FollowAndTrack(track.state()));
            case Command.Untrack untrack ->
                places.present(untrack.room(), Command.PresenceMode.FOLLOW);
            default -> false;
          };
      stored = !changes || save();
    }
    return stored;
  }

  /** Undoes a join that could not be stored: leaves the room. */
  List<Decoded> undo(RoomName room) {
    return places.has(room) ? List.of() : List.of(leave(room));
  }

  private boolean save() {
    if (!sessions.kept()) {
      return true;
    }
    try {
      sessions.save(owned(), user, places.state(socket));
      return true;
    } catch (LogUnavailableException away) {
      return false;
    }
  }

  /** Handles DISCONNECT: leaves all rooms and ends the session, so that it cannot be recovered. */
  Decoded leave() {
    phase = Phase.OUTSIDE;
    // At once: the connection may end before its other commands run.
    if (sessions.kept()) {
      sessions.drop(owned());
    }
    return new Decoded.Later(
        () -> {
          List<Decoded> parts = new ArrayList<>();
          places.clear().forEach(room -> parts.add(leave(room)));
          resumption = new Resumption();
          return parts;
        });
  }

  /** Ends the session of a client that is told not to reconnect. */
  void sentAway() {
    if (sessions.kept() && phase != Phase.OUTSIDE) {
      sessions.drop(owned());
    }
  }

  private static Decoded leave(RoomName room) {
    return new Decoded.Asked(new Command.Leave(OWN, room));
  }
}
