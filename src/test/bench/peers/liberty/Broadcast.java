package raw;

import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bare broadcast on the container's own API: GET /ws?room=N joins, a text goes to the room that
 * its marker names, written by the thread that received it, one blocking write after another.
 */
@ServerEndpoint("/ws")
public final class Broadcast {
  private static final Pattern MARKER = Pattern.compile("@@\\d+:(\\d+):");
  private static final Map<String, Set<Session>> ROOMS = new ConcurrentHashMap<>();

  private Set<Session> own = Set.of();

  /** Joins the room of the address. */
  @OnOpen
  public void open(Session session) {
    String room = session.getRequestParameterMap().getOrDefault("room", List.of("0")).getFirst();
    own = ROOMS.computeIfAbsent(room, name -> ConcurrentHashMap.newKeySet());
    own.add(session);
  }

  /** Sends to everybody in the room of the marker. */
  @OnMessage
  public void message(String text) {
    Matcher marker = MARKER.matcher(text);
    Set<Session> room = marker.find() ? ROOMS.getOrDefault(marker.group(1), Set.of()) : Set.of();
    for (Session session : room) {
      // Several publishers may reach one session, and it takes one write at a time.
      synchronized (session) {
        try {
          session.getBasicRemote().sendText(text);
        } catch (IOException | IllegalStateException gone) {
          room.remove(session);
        }
      }
    }
  }

  /** Leaves. */
  @OnClose
  public void close(Session session) {
    own.remove(session);
  }

  /** What a broken connection says; {@link #close} follows. */
  @OnError
  public void error(Session session, Throwable cause) {
    own.remove(session);
  }
}
