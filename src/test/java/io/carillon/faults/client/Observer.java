package io.carillon.faults.client;

import io.carillon.faults.history.Entry;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** Follows the members of one room, over any number of reconnects, and notes each list. */
public final class Observer implements Runnable, AutoCloseable {
  private final RunContext context;
  private final String name;
  private final String room;
  private final RandomGenerator random;
  private volatile boolean stopped;
  private volatile Set<String> last = Set.of();

  /** An observer; it is not a member itself. */
  public Observer(RunContext context, String name, String room, RandomGenerator random) {
    this.context = context;
    this.name = name;
    this.room = room;
    this.random = random;
  }

  @Override
  public void run() {
    Backoff backoff = new Backoff(random);
    try {
      while (!stopped) {
        int instance = random.nextInt(context.addresses().size());
        context
            .history()
            .add(new Entry.Connect(context.history().now(), name, "presence", instance));
        String why = "stopped";
        try {
          follow(instance, backoff);
        } catch (Reader.Broken e) {
          why = e.getMessage();
        }
        context.history().add(new Entry.Disconnect(context.history().now(), name, why));
        backoff.pause();
      }
    } catch (InterruptedException e) {
      context.history().add(new Entry.Disconnect(context.history().now(), name, "stopped"));
      Thread.currentThread().interrupt();
    }
  }

  private void follow(int instance, Backoff backoff) throws InterruptedException {
    Set<String> users = new TreeSet<>();
    try (Socket socket = new Socket(context, context.addresses().get(instance), name)) {
      socket.send("{\"type\":\"join\",\"ref\":1,\"room\":\"" + room + "\",\"presence\":true}");
      while (!stopped) {
        JsonObject frame = socket.next();
        switch (frame.getString("type")) {
          case "members" -> {
            users.clear();
            add(users, frame.getJsonArray("members"));
            view(users);
            backoff.reset();
          }
          case "presence" -> {
            add(users, list(frame, "joined"));
            add(users, list(frame, "updated"));
            list(frame, "left").forEach(left -> users.remove(((JsonString) left).getString()));
            view(users);
          }
          case "goodbye" -> {
            return;
          }
          default -> {}
        }
      }
    }
  }

  private static JsonArray list(JsonObject frame, String field) {
    return frame.containsKey(field) ? frame.getJsonArray(field) : JsonValue.EMPTY_JSON_ARRAY;
  }

  private static void add(Set<String> users, JsonArray members) {
    members.forEach(member -> users.add(member.asJsonObject().getString("user")));
  }

  /** The list that it holds. */
  public Set<String> users() {
    return last;
  }

  private void view(Set<String> users) {
    last = Set.copyOf(users);
    context.history().add(new Entry.View(context.history().now(), name, room, Set.copyOf(users)));
  }

  /** Stops with the next frame or silence. */
  @Override
  public void close() {
    stopped = true;
  }
}
