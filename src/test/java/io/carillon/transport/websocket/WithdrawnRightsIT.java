package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.SocketClient;
import io.carillon.kit.client.StreamClient;
import io.carillon.kit.client.Texts;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** G12: five seconds after a right was withdrawn anywhere nobody gets anything by it. */
final class WithdrawnRightsIT {
  private static final Duration AT_MOST = Duration.ofSeconds(5);

  private final URI here = Cluster.shared().server(0).uri("/");
  private final URI there = Cluster.shared().server(1).uri("/");
  private final String room = RoomNames.fresh();
  private final String user = "u" + room.replaceAll("[^a-z0-9]", "");

  @Test
  void whoIsRevokedHereIsSentAwayThereFromEveryTransport() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String token = Calls.demoToken(http, there, user);
      Calls publisher = new Calls(http, here, Calls.demoToken(http, here, "publisher"));
      Calls poller = new Calls(http, there, token);
      String path = "/api/rooms/" + room + "/events";
      try (SocketClient socket = SocketClient.connect(http, there, token);
          StreamClient stream = StreamClient.open(http, there, token, path)) {
        socket.join(room, "");
        publisher.publish(room, "n", "1");
        assertEquals(1, socket.next("event").getInt("seq"));
        String cursor = stream.next("n").id();
        CompletableFuture<HttpResponse<String>> poll =
            CompletableFuture.supplyAsync(
                () -> poller.send("GET", path + "?after=" + cursor, "", "Prefer", "wait=20"));
        awaitReaders(3, new Calls(http, there, publisher.token()));
        assertFalse(poll.isDone());

        long begun = System.nanoTime();
        Calls.operator(http, here)
            .send("DELETE", "/api/users/" + user + "/connections?revoke=true", "");
        assertEquals(4504, socket.awaitClose(AT_MOST));
        stream.awaitEnd(AT_MOST);
        HttpResponse<String> ended = poll.get(20, TimeUnit.SECONDS);
        long lasted = System.nanoTime() - begun;
        assertTrue(lasted < AT_MOST.toNanos(), () -> lasted / 1_000_000 + " ms");
        assertEquals(401, ended.statusCode(), ended.body());
        assertEquals("unauthenticated", Texts.object(ended.body()).getString("code"));

        publisher.publish(room, "n", "2");
        assertEquals(401, poller.send("GET", path + "?after=" + cursor, "").statusCode());
        assertEquals(1, socket.frames().stream().filter(WithdrawnRightsIT::isEvent).count());
        assertEquals(1, stream.events().stream().filter(e -> e.name().equals("n")).count());
      }
    }
  }

  /** The socket, the stream and the poll: from then on the poll waits. */
  private void awaitReaders(int count, Calls there) {
    for (int tries = 0; readers(there) != count; tries++) {
      assertTrue(tries < 250, "the poll is not there after 5 s");
      LockSupport.parkNanos(20_000_000);
    }
  }

  private int readers(Calls there) {
    return Texts.object(there.send("GET", "/api/rooms/" + room, "").body()).getInt("connections");
  }

  private static boolean isEvent(JsonObject frame) {
    return frame.getString("type", "").equals("event");
  }
}
