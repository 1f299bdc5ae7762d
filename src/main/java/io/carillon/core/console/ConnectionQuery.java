package io.carillon.core.console;

import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * Selection of connections.
 *
 * @param user whose; null: anybody's
 * @param room a room that they read; null: any, or none
 * @param behind only those that have not been given all events of their rooms
 * @param rooms whether each is told with its rooms
 * @param limit most connections to list, of each instance and of all
 */
public record ConnectionQuery(
    @Nullable String user, @Nullable String room, boolean behind, boolean rooms, int limit) {
  /** Greatest {@link #limit}. */
  public static final int MOST = 1000;

  static ConnectionQuery of(JsonFields fields) {
    return new ConnectionQuery(
        fields.string("user"),
        fields.string("room"),
        fields.bool("behind", false),
        fields.bool("rooms", false),
        Math.clamp(fields.integer("limit", MOST), 1, MOST));
  }

  String json() {
    return new JsonWriter(new StringBuilder(128))
        .beginObject()
        .optional("user", user)
        .optional("room", room)
        .field("behind", behind)
        .field("rooms", rooms)
        .field("limit", limit)
        .endObject()
        .toString();
  }
}
