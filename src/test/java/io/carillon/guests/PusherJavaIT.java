package io.carillon.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pusher.rest.Pusher;
import com.pusher.rest.data.Event;
import com.pusher.rest.data.Result;
import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.Texts;
import jakarta.json.JsonArray;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The server library of Pusher for Java against a real server. */
final class PusherJavaIT {
  private static final LibertyServer SERVER = Cluster.shared().server(0);

  private final String channel = "java-" + UUID.randomUUID();

  private static Pusher pusher(String secret) {
    Pusher pusher = new Pusher("demo", "demo-key", secret);
    pusher.setHost("127.0.0.1:" + SERVER.port());
    pusher.setEncrypted(false);
    return pusher;
  }

  private static void assertOk(Result result) {
    assertEquals(200, result.getHttpStatus(), result::getMessage);
  }

  @Test
  void whatItPublishesIsInTheLog() {
    Pusher pusher = pusher("demo-secret");
    assertOk(pusher.trigger(channel, "told", Map.of("n", 1)));
    assertOk(pusher.trigger(List.of(channel, channel + "-b"), "told", "words", "1.2"));
    assertOk(pusher.trigger(List.of(new Event(channel, "batched", List.of(1, 2)))));
    assertEquals(401, pusher("another").trigger(channel, "told", 1).getHttpStatus());

    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls calls =
          new Calls(http, SERVER.uri("/"), Calls.demoToken(http, SERVER.uri("/"), "java"));
      String page = calls.send("GET", "/api/rooms/pusher:" + channel + "/events", "").body();
      JsonArray events = Texts.object(page).getJsonArray("events");
      assertEquals(3, events.size(), page);
      assertEquals(1, events.getJsonObject(0).getJsonObject("data").getInt("n"));
      assertEquals("words", events.getJsonObject(1).getString("data"));
      assertEquals(2, events.getJsonObject(2).getJsonArray("data").getInt(1));
    }
  }

  @Test
  void itsQueriesAreAnswered() {
    Pusher pusher = pusher("demo-secret");
    Result channels = pusher.get("/channels", Map.of("filter_by_prefix", channel));
    assertOk(channels);
    assertTrue(channels.getMessage().contains("channels"), channels::getMessage);
    assertOk(pusher.get("/channels/" + channel, Map.of("info", "subscription_count")));
    assertEquals(400, pusher.get("/channels/" + channel + "/users").getHttpStatus());
  }
}
