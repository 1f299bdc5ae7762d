package io.carillon.faults.client;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Reads with Socket.IO over WebSocket, as its client does: it comes back with the private id of its
 * session and the last offset, and takes what it has missed before the session goes on. Where the
 * session is gone it joins again, with its cursors.
 */
public final class SocketIoReader extends Reader {
  private volatile EngineSocket open;

  /** The session's private id, and the last offset that came; empty: none. */
  private String pid = "";

  private String offset = "";

  /** Rooms of the session whose join was answered. */
  private int answered;

  /** A reader of these rooms from their beginning. */
  public SocketIoReader(
      RunContext context, String name, List<String> rooms, RandomGenerator random) {
    super(context, name, "socketio", rooms, random);
  }

  @Override
  String session(URI server, Backoff backoff) throws InterruptedException {
    try (EngineSocket socket = new EngineSocket(ground(), server)) {
      open = socket;
      socket.send(connect());
      Map<String, String> asked = new HashMap<>();
      boolean begun = false;
      while (!stopped()) {
        String packet = socket.next();
        switch (packet.charAt(0)) {
          case '0' -> {
            String fresh = read(packet.substring(1)).asJsonObject().getString("pid");
            if (!fresh.equals(pid)) {
              pid = fresh;
              offset = "";
              answered = 0;
              join(socket, asked);
            } else if (!begun) {
              goOn();
            }
            begun = true;
            backoff.reset();
          }
          case '2' -> {
            if (!begun) {
              goOn();
              begun = true;
            }
            event(read(packet.substring(1)).asJsonArray());
          }
          case '3' -> joined(packet, asked);
          default -> {
            answered = 0;
            return "sent away: " + packet;
          }
        }
      }
      return "stopped";
    } finally {
      open = null;
    }
  }

  private String connect() {
    var auth = Json.createObjectBuilder().add("token", token());
    // A session that may lack some of the rooms is not asked for.
    if (answered == rooms().size()) {
      auth.add("pid", pid);
      if (!offset.isEmpty()) {
        auth.add("offset", offset);
      }
    }
    return "0" + auth.build();
  }

  private void join(EngineSocket socket, Map<String, String> asked) throws InterruptedException {
    for (String room : rooms()) {
      String id = Integer.toString(asked.size());
      asked.put(id, room);
      socket.send("2%s[\"join\",\"%s\",{\"after\":\"%s\"}]".formatted(id, room, position(room)));
    }
  }

  /** The session goes on where it was: what was missed comes now. */
  private void goOn() {
    for (String room : rooms()) {
      String at = position(room);
      joined(room, at, at, at, true);
    }
  }

  private void joined(String packet, Map<String, String> asked) {
    int array = packet.indexOf('[');
    String room = asked.get(packet.substring(1, array));
    JsonObject answer = read(packet.substring(array)).asJsonArray().getJsonObject(0);
    if (answer.containsKey("error")) {
      throw new Broken("refused: " + answer);
    }
    joined(
        room,
        position(room),
        answer.getString("cursor"),
        answer.getString("head"),
        answer.getBoolean("recovered"));
    answered++;
  }

  private void event(JsonArray packet) {
    if (packet.getLast() instanceof JsonString last) {
      offset = last.getString();
    }
    String name = packet.getString(0);
    switch (name) {
      case "carillon:resync" -> resync(packet.getJsonObject(1));
      case "carillon:left" -> throw new Broken("lost a room: " + packet);
      default -> {
        if (!name.startsWith("carillon:")) {
          JsonObject about = packet.getJsonObject(2);
          delivered(Json.createObjectBuilder(about).add("data", packet.get(1)).build());
        }
      }
    }
  }

  private static JsonValue read(String json) {
    try (JsonReader reader = Json.createReader(new StringReader(json))) {
      return reader.readValue();
    }
  }

  @Override
  public void cut() {
    EngineSocket socket = open;
    if (socket != null) {
      socket.abort();
    }
  }
}
