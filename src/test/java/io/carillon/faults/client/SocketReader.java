package io.carillon.faults.client;

import jakarta.json.JsonObject;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Reads over WebSocket. */
public final class SocketReader extends Reader {
  private volatile Socket open;

  /** A reader of these rooms from their beginning. */
  public SocketReader(RunContext context, String name, List<String> rooms, RandomGenerator random) {
    super(context, name, "ws", rooms, random);
  }

  @Override
  String session(URI server, Backoff backoff) throws InterruptedException {
    try (Socket socket = new Socket(ground(), server, name())) {
      open = socket;
      Map<Integer, String> joins = new HashMap<>();
      Map<String, String> after = new HashMap<>();
      for (String room : rooms()) {
        joins.put(joins.size() + 1, room);
        after.put(room, position(room));
        socket.send(
            "{\"type\":\"join\",\"ref\":%d,\"room\":\"%s\",\"after\":\"%s\"}"
                .formatted(joins.size(), room, remembered(room)));
      }
      while (!stopped()) {
        JsonObject frame = socket.next();
        switch (frame.getString("type")) {
          case "ok" -> {
            String room = frame.getString("room");
            joined(
                room,
                after.getOrDefault(room, ""),
                frame.getString("cursor"),
                frame.getString("head"),
                frame.getBoolean("recovered"));
            backoff.reset();
          }
          case "event" -> delivered(frame);
          case "resync" -> resync(frame);
          case "error" -> throw new Broken("refused: " + frame);
          case "goodbye" -> {
            return "goodbye " + frame.getString("reason");
          }
          default -> {}
        }
      }
      return "stopped";
    } finally {
      open = null;
    }
  }

  private String remembered(String room) {
    String position = position(room);
    int dot = position.indexOf('.') + 1;
    long seq = Long.parseLong(position.substring(dot));
    return ground().forgetful() && seq > 0 ? position.substring(0, dot) + (seq - 1) : position;
  }

  @Override
  public void cut() {
    Socket socket = open;
    if (socket != null) {
      socket.abort();
    }
  }
}
