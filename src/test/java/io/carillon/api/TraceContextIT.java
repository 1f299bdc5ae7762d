package io.carillon.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.carillon.guests.ExtendedCluster;
import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.SocketClient;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The trace of a call that publishes, in the hands of a reader at another instance. */
final class TraceContextIT {
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final HttpClient http = HttpClient.newHttpClient();
  private final String room = RoomNames.fresh();
  private final String path = "/api/rooms/" + room + "/events";

  @AfterEach
  void close() {
    http.close();
  }

  private Calls calls(URI server) {
    return new Calls(http, server, Calls.demoToken(http, server, "alice"));
  }

  private static @Nullable String trace(JsonObject event) {
    JsonObject meta = event.getJsonObject("meta");
    return meta == null ? null : meta.getString("traceparent", null);
  }

  @Test
  void whereAskedAReaderGetsIt() throws Exception {
    Cluster cluster = ExtendedCluster.shared();
    cluster.startAgain();
    URI there = cluster.server(1).uri("/");
    Calls calls = calls(cluster.server(0).uri("/"));
    try (SocketClient reader = SocketClient.connect(http, there, calls.token())) {
      reader.join(room, "");
      String event = "{\"name\":\"n\",\"data\":1}";
      assertEquals(201, calls.send("POST", path, event, "traceparent", TRACE).statusCode());
      assertEquals(TRACE, trace(reader.next("event")));
      String batch = "[{\"room\":\"" + room + "\",\"name\":\"n\",\"data\":2}]";
      assertEquals(
          200, calls.send("POST", "/api/events", batch, "traceparent", TRACE).statusCode());
      assertEquals(TRACE, trace(reader.next("event")));
      assertEquals(201, calls.send("POST", path, event, "traceparent", "not one").statusCode());
      assertNull(trace(reader.next("event")));
    }
  }

  @Test
  void whereNotAskedItIsNotKept() {
    Calls calls = calls(Cluster.shared().server(0).uri("/"));
    String event = "{\"name\":\"n\",\"data\":1}";
    assertEquals(201, calls.send("POST", path, event, "traceparent", TRACE).statusCode());
    assertNull(trace(calls.page(path).getJsonArray("events").getJsonObject(0)));
  }
}
