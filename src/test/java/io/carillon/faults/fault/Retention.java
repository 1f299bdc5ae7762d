package io.carillon.faults.fault;

import io.carillon.faults.client.LoadPublisher;
import io.carillon.faults.client.RunContext;
import io.carillon.kit.client.SocketClient;
import jakarta.json.JsonObject;
import java.sql.SQLException;
import java.time.Duration;

/** F22: retention removes what a reader is replaying; it is told, it never meets a hole. */
public final class Retention implements Fault {
  @Override
  public String id() {
    return "F22";
  }

  @Override
  public String what() {
    return "retention removes what clients are replaying";
  }

  @Override
  public boolean alone() {
    return true;
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    String room = scene.rooms().getFirst() + ":old";
    RunContext context = scene.ground();
    long published;
    try (LoadPublisher publisher =
        new LoadPublisher(context, context.addresses().getFirst(), room, 2_000, 500)) {
      Scene.pause(Duration.ofSeconds(6));
      published = publisher.stop();
      scene.note("events to replay", Long.toString(published));
    }
    for (int i = 0; i < 5; i++) {
      try (SocketClient reader =
          SocketClient.connect(
              context.http(), scene.stage().nodes().getFirst().address(), context.token("f22"))) {
        reader.send("{\"type\":\"join\",\"ref\":1,\"room\":\"" + room + "\",\"after\":\"0.0\"}");
        scene.on(this, room);
        remove(scene, room, published / 6 * (i + 1));
        long last = 0;
        long head = Long.MAX_VALUE;
        while (last < head) {
          JsonObject frame =
              reader.take(
                  f -> f.containsKey("head") || "event".equals(f.getString("type")),
                  Duration.ofSeconds(20));
          if (frame.getString("type").equals("event")) {
            long seq = frame.getJsonNumber("seq").longValueExact();
            if (seq != last + 1) {
              scene.fail("a hole: " + seq + " after " + last);
            }
            last = seq;
          } else {
            String cursor = frame.getString("head");
            head = Long.parseLong(cursor.substring(cursor.indexOf('.') + 1));
            if (frame.getString("type").equals("resync")) {
              scene.note("told", frame.toString(), "after " + last);
              last = head;
            }
          }
        }
        scene.off(this, room);
      }
    }
  }

  /** What the retention job does, for one room: the floor first, then the rows. */
  private static void remove(Scene scene, String room, long floor) throws SQLException {
    scene
        .stage()
        .sql(
            "update carillon.room_head set floor_seq = %d where room_id = (select room_id from carillon.room where name = '%s')"
                .formatted(floor, room));
    scene
        .stage()
        .sql(
            "delete from carillon.event where seq <= %d and room_id = (select room_id from carillon.room where name = '%s')"
                .formatted(floor, room));
  }
}
