package io.carillon.protocol.socketio;

import io.carillon.core.Content;
import io.carillon.core.ErrorCode;
import io.carillon.core.EventName;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import io.carillon.socketio.Arguments;
import io.carillon.socketio.RemoteSocket;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Calls to the sockets of all instances: local ones directly, those of other instances by signals
 * in a room that the server alone may write to. A signal may be lost: the answer is missing then,
 * and the call ends by its time-out. Thread-safe.
 */
final class ClusterCalls {
  private static final RoomName ROOM = new RoomName("carillon:socket.io");
  private static final String ASK = "ask";
  private static final String ANSWER = "answer";
  private static final int DEPTH = 2 * JsonText.MAX_DEPTH;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final System.Logger LOG = System.getLogger(ClusterCalls.class.getName());

  private final SocketHub hub;
  private final SocketHub.Parts parts;
  private final Map<String, Consumer<JsonFields>> asked = new ConcurrentHashMap<>();

  ClusterCalls(SocketHub hub, SocketHub.Parts parts) {
    this.hub = hub;
    this.parts = parts;
  }

  /** Emits something to sockets, each of which is to answer. */
  CompletionStage<List<Arguments>> ask(
      Selection who, Emission emission, Content content, Duration timeout) {
    String id = hub.newId();
    AckCollection all = new AckCollection(hub, () -> asked.remove(id));
    JsonWriter question =
        begin(id, "emit", who)
            .field("name", emission.name())
            .rawField("content", content.text())
            .field("timeout", timeout.toMillis());
    return call(id, all, question, () -> all.ask(local(who), emission, timeout), timeout);
  }

  /** Finds sockets. */
  CompletionStage<List<RemoteSocket>> sockets(Selection who) {
    String id = hub.newId();
    SocketList all = new SocketList(hub, () -> asked.remove(id));
    return call(id, all, begin(id, "sockets", who), () -> all.here(local(who)), PATIENCE);
  }

  /**
   * Asks the other instances and this one.
   *
   * @param question for the others, its object not closed
   * @param here asks the sockets of this instance
   */
  private <T> CompletionStage<T> call(
      String id, ClusterAnswers<T> all, JsonWriter question, Runnable here, Duration timeout) {
    asked.put(id, all::answered);
    parts
        .threads()
        .execute(
            () -> {
              all.expect(parts.instances().getAsInt() - 1);
              send(ASK, question);
              here.run();
            });
    hub.later(all::timeOut, timeout);
    return all.stage();
  }

  /** Lets sockets join or leave rooms. */
  void move(Selection who, List<String> rooms, boolean in) {
    JsonWriter ask = begin("", in ? "join" : "leave", who).name("rooms").beginArray();
    rooms.forEach(ask::string);
    send(ASK, ask.endArray());
    moveHere(who, rooms, in);
  }

  private void moveHere(Selection who, List<String> rooms, boolean in) {
    for (HandledSocket socket : local(who)) {
      hub.callbacks().execute(() -> rooms.forEach(in ? socket::join : socket::leave));
    }
  }

  /** Disconnects sockets. */
  void disconnect(Selection who, boolean close) {
    send(ASK, begin("", "disconnect", who).field("close", close));
    local(who).forEach(socket -> socket.disconnect(close));
  }

  private List<HandledSocket> local(Selection who) {
    return hub.here(who.namespace()).stream().filter(who::has).toList();
  }

  private JsonWriter begin(String id, String what, Selection who) {
    JsonWriter out = new JsonWriter(new StringBuilder(256)).beginObject();
    out.field("id", id).field("from", parts.instance()).field("what", what);
    out.field("nsp", who.namespace()).name("to").beginArray();
    who.to().forEach(out::string);
    out.endArray().name("except").beginArray();
    who.except().forEach(out::string);
    return out.endArray();
  }

  private void send(String name, JsonWriter open) {
    Content content = Content.json(open.endObject().toString());
    parts
        .signal()
        .accept(new Signal(ROOM, new EventName(name), content, CoreRoomNames.NAMESPACE, "", null));
  }

  /** Handles a signal of another instance. Returns at once. */
  void heard(Signal signal) {
    if (!signal.room().equals(ROOM)) {
      return;
    }
    try {
      JsonFields fields = JsonFields.parse(signal.content().text(), DEPTH, ErrorCode.BAD_DATA);
      if (signal.name().value().equals(ASK)) {
        parts.threads().execute(() -> carryOut(fields));
      } else if (parts.instance().equals(fields.string("at"))) {
        Consumer<JsonFields> waiting = asked.get(fields.requiredString("id"));
        if (waiting != null) {
          waiting.accept(fields);
        }
      }
    } catch (RefusedException newer) {
      LOG.log(Level.DEBUG, "a signal of another version", newer);
    }
  }

  private void carryOut(JsonFields ask) {
    Selection who =
        new Selection(
            hub, ask.requiredString("nsp"), ask.strings("to"), Set.copyOf(ask.strings("except")));
    switch (ask.requiredString("what")) {
      case "emit" -> askHere(ask, who);
      case "sockets" -> {
        for (JsonWriter page : SocketList.pages(local(who), () -> answer(ask))) {
          send(ANSWER, page);
        }
      }
      case "join" -> moveHere(who, ask.strings("rooms"), true);
      case "leave" -> moveHere(who, ask.strings("rooms"), false);
      case "disconnect" -> {
        boolean close = ask.bool("close", false);
        local(who).forEach(socket -> socket.disconnect(close));
      }
      default -> LOG.log(Level.DEBUG, "another version asks for something new");
    }
  }

  private JsonWriter answer(JsonFields ask) {
    return new JsonWriter(new StringBuilder(256))
        .beginObject()
        .field("id", ask.requiredString("id"))
        .field("at", ask.requiredString("from"))
        .field("from", parts.instance());
  }

  private void askHere(JsonFields ask, Selection who) {
    String content = ask.raw("content");
    Emission emission =
        Emission.of(ask.requiredString("name"), Content.json(content == null ? "[]" : content));
    List<HandledSocket> here = local(who);
    send(ANSWER, answer(ask).field("count", here.size()));
    Duration timeout = Duration.ofMillis(ask.integer("timeout", PATIENCE.toMillis()));
    for (HandledSocket socket : here) {
      var unused =
          socket
              .ask(timeout, emission)
              .thenAccept(
                  args ->
                      send(
                          ANSWER,
                          answer(ask)
                              .field("socket", socket.id())
                              .rawField("ack", AckCollection.written(hub, args))));
    }
  }
}
