package io.carillon.core.console;

import io.carillon.core.cluster.ClusterAnswer;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.room.RoomActivity;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * One room over all instances that have it in memory.
 *
 * @param readers number of connections that read it
 * @param minute number of its events in the last minute, by the instance that knows most of them
 */
record RoomRow(String room, long readers, long minute) {
  private static final Comparator<RoomRow> BUSIEST_FIRST =
      Comparator.comparingLong(RoomRow::minute)
          .thenComparingLong(RoomRow::readers)
          .reversed()
          .thenComparing(RoomRow::room);

  /** Writes what one instance knows of a room. */
  static void write(JsonWriter out, RoomActivity each) {
    new RoomRow(each.room().value(), each.readers(), each.minute()).write(out);
  }

  private void write(JsonWriter out) {
    out.beginObject()
        .field("room", room)
        .field("readers", readers)
        .field("minute", minute)
        .endObject();
  }

  private RoomRow with(RoomRow other) {
    return new RoomRow(room, readers + other.readers, Math.max(minute, other.minute));
  }

  /** Puts the instances' rows together, one for each room. */
  static String merged(ClusterAnswer answer, int limit) {
    Map<String, RoomRow> rooms = new HashMap<>();
    for (ClusterAnswer.Part part : answer.parts()) {
      for (String page : part.pages()) {
        for (String text : Pager.rows(Pager.parse(page))) {
          JsonFields row = Pager.parse(text);
          String name = row.requiredString("room");
          RoomRow here = new RoomRow(name, row.integer("readers", 0), row.integer("minute", 0));
          rooms.merge(name, here, RoomRow::with);
        }
      }
    }
    JsonWriter out = new JsonWriter(new StringBuilder(1024)).beginObject();
    out.field("count", rooms.size()).field("silent", answer.silent()).name("rooms").beginArray();
    rooms.values().stream().sorted(BUSIEST_FIRST).limit(limit).forEach(row -> row.write(out));
    return out.endArray().endObject().toString();
  }
}
