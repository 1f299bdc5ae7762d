package io.carillon.kit.client;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;

/** A room's members as one client puts them together; fails on a diff that does not fit. */
public final class Roster {
  private final SocketClient client;
  private final String room;
  private final TreeSet<String> users = new TreeSet<>();
  private int changes;

  /** The client has joined the room and follows its members. */
  public Roster(SocketClient client, String room) {
    this.client = client;
    this.room = room;
    take(Duration.ofSeconds(10));
  }

  /**
   * Reads on until these users are the members.
   *
   * @return how long that took
   */
  public Duration await(Duration patience, String... expected) {
    long begun = System.nanoTime();
    long end = begun + patience.toNanos();
    while (!users.equals(new TreeSet<>(List.of(expected)))) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError(users + " instead of " + List.of(expected));
      }
      take(Duration.ofNanos(left));
    }
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** How many users have come or gone since the first list. */
  public int changes() {
    return changes;
  }

  private void take(Duration patience) {
    JsonObject frame =
        client.take(
            f -> List.of("members", "presence").contains(f.getString("type")) && ours(f), patience);
    if (frame.getString("type").equals("members")) {
      users.clear();
      for (JsonValue member : frame.getJsonArray("members")) {
        users.add(member.asJsonObject().getString("user"));
      }
      return;
    }
    for (JsonValue member : frame.getJsonArray("joined")) {
      changes++;
      check(users.add(member.asJsonObject().getString("user")), frame);
    }
    for (JsonString user : frame.getJsonArray("left").getValuesAs(JsonString.class)) {
      changes++;
      check(users.remove(user.getString()), frame);
    }
    check(frame.getInt("count") == users.size(), frame);
  }

  private boolean ours(JsonObject frame) {
    return frame.getString("room").equals(room);
  }

  private void check(boolean fits, JsonObject frame) {
    if (!fits) {
      throw new AssertionError(frame + " does not fit to " + users);
    }
  }
}
