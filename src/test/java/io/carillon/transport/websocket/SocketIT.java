package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.SocketClient;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** carillon.v1 over real sockets of two servers. */
final class SocketIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static URI first;
  private static URI second;
  private static String alice;
  private static String bob;

  private final String room = RoomNames.fresh();

  @BeforeAll
  static void tokens() {
    first = Cluster.shared().server(0).uri("/");
    second = Cluster.shared().server(1).uri("/");
    alice = Calls.demoToken(HTTP, first, "alice");
    bob = Calls.demoToken(HTTP, second, "bob");
  }

  @AfterAll
  static void close() {
    HTTP.close();
  }

  @Test
  void anEventReachesAReaderOnTheOtherServer() {
    try (SocketClient writer = SocketClient.connect(HTTP, first, alice);
        SocketClient reader = SocketClient.connect(HTTP, second, bob)) {
      JsonObject welcome = writer.next("welcome");
      assertEquals("alice", welcome.getString("user"));
      assertEquals(20_000, welcome.getInt("heartbeat"));
      JsonObject joined = reader.join(room, "");
      assertEquals("0.0", joined.getString("cursor"));
      assertFalse(joined.getBoolean("recovered"));
      JsonObject ack = writer.publish(room, "order.shipped", "{\"b\":[1, 2], \"a\":\"é😀\\n\"}");
      JsonObject event = reader.next("event");
      assertEquals(1, event.getInt("seq"));
      assertEquals(ack.getString("epoch"), event.getString("epoch"));
      assertEquals(ack.getString("id"), event.getString("id"));
      assertEquals("alice", event.getString("by"));
      assertEquals("é😀\n", event.getJsonObject("data").getString("a"));
    }
  }

  @Test
  void aReaderGoesOnElsewhereWhereItWas() {
    String cursor;
    try (SocketClient reader = SocketClient.connect(HTTP, first, alice)) {
      reader.join(room, "");
      JsonObject ack = reader.publish(room, "a", "1");
      cursor = ack.getString("epoch") + ".1";
      for (int i = 2; i <= 5; i++) {
        reader.publish(room, "a", "" + i);
      }
    }
    try (SocketClient again = SocketClient.connect(HTTP, second, bob)) {
      JsonObject joined = again.join(room, ",\"after\":\"" + cursor + "\"");
      assertTrue(joined.getBoolean("recovered"));
      assertEquals(cursor, joined.getString("cursor"));
      assertEquals(List.of(2L, 3L, 4L, 5L), seqs(again, 4));
    }
    try (SocketClient ahead = SocketClient.connect(HTTP, second, bob)) {
      String far = cursor.replaceAll("[0-9]+$", "999");
      JsonObject joined = ahead.join(room, ",\"after\":\"" + far + "\"");
      assertFalse(joined.getBoolean("recovered"));
      assertEquals("ahead", ahead.next("resync").getString("reason"));
    }
  }

  @Test
  void fiveHundredPipelinedPublishesFromBothServersAreSeenInOneOrderByAll() {
    try (SocketClient one = SocketClient.connect(HTTP, first, alice);
        SocketClient two = SocketClient.connect(HTTP, second, bob);
        SocketClient here = SocketClient.connect(HTTP, first, bob);
        SocketClient there = SocketClient.connect(HTTP, second, alice)) {
      here.join(room, "");
      there.join(room, "");
      List<Integer> asked = new ArrayList<>();
      for (int i = 0; i < 250; i++) {
        String fields = "\"room\":\"" + room + "\",\"name\":\"n\",\"data\":" + i;
        asked.add(one.command("publish", fields));
        two.command("publish", fields);
      }
      List<Long> dense = LongStream.rangeClosed(1, 500).boxed().toList();
      assertEquals(dense, seqs(here, 500));
      assertEquals(dense, seqs(there, 500));
      assertEquals(events(here), events(there));
      long before = 0;
      for (int ref : asked) {
        JsonObject ack = one.answer(ref);
        assertEquals("ok", ack.getString("type"), ack.toString());
        assertTrue(ack.getInt("seq") > before, "the publisher's own order is kept");
        before = ack.getInt("seq");
      }
    }
  }

  @Test
  void aBatchIsAnsweredOneByOne() {
    try (SocketClient client = SocketClient.connect(HTTP, first, alice)) {
      client.send(
          "[{\"type\":\"ping\",\"ref\":\"a\"},{\"type\":\"nonsense\",\"ref\":\"b\"},"
              + "{\"type\":\"track\",\"ref\":\"c\",\"room\":\""
              + room
              + "\",\"state\":{}},{\"type\":\"ping\"}]");
      assertEquals("a", client.next("pong").getString("ref"));
      assertEquals("bad_frame", client.next("error").getString("code"));
      assertEquals("not_joined", client.next("error").getString("code"));
      assertFalse(client.next("pong").containsKey("ref"));
      client.send("{");
      assertEquals("bad_frame", client.next("error").getString("code"));
    }
  }

  @Test
  void signalsReachTheRoomOrOneUser() {
    try (SocketClient sender = SocketClient.connect(HTTP, first, alice);
        SocketClient reader = SocketClient.connect(HTTP, second, bob)) {
      sender.join(room, "");
      reader.join(room, "");
      String to = "\"room\":\"" + room + "\",\"name\":\"typing\",\"data\":{}";
      sender.ok("signal", to);
      JsonObject signal = reader.next("signal");
      assertEquals("alice", signal.getString("by"));
      assertEquals(sender.frames().getFirst().getString("connection"), signal.getString("from"));
      sender.ok("signal", to.replace("typing", "other") + ",\"to\":\"nobody\"");
      sender.ok("signal", to.replace("typing", "last") + ",\"to\":\"bob\"");
      assertEquals("last", reader.next("signal").getString("name"));
    }
  }

  @Test
  void whatIsNotTextOrTooLargeEndsTheConnection() {
    try (SocketClient client = SocketClient.connect(HTTP, first, alice)) {
      client.sendBinary(new byte[] {1});
      assertEquals(4500, client.awaitClose(SocketClient.PATIENCE));
    }
    try (SocketClient client = SocketClient.connect(HTTP, first, alice)) {
      String publish =
          "{\"type\":\"publish\",\"ref\":1,\"room\":\"" + room + "\",\"name\":\"n\",\"data\":\"";
      client.send(publish + "x".repeat(65_600) + "\"}");
      assertEquals("too_large", client.answer(1).getString("code"));
      client.send(publish + "x".repeat(140_000) + "\"}");
      assertEquals(1009, client.awaitClose(SocketClient.PATIENCE));
    }
  }

  @Test
  void aHandshakeNeedsACredentialAndAProtocolThatWeSpeak() {
    assertEquals(401, refusal(Map.of()));
    assertEquals(401, refusal(Map.of("Authorization", "Bearer nonsense")));
    String bearer = "Bearer " + alice;
    assertEquals(
        400, refusal(Map.of("Authorization", bearer, "Sec-WebSocket-Protocol", "carillon.v2")));
    try (SocketClient none = SocketClient.connect(HTTP, first, Map.of("Authorization", bearer))) {
      assertEquals("carillon.v1", none.next("welcome").getString("protocol"));
    }
  }

  @Test
  void pingsOfTheWebSocketItselfDisturbNothing() {
    try (SocketClient writer = SocketClient.connect(HTTP, first, alice);
        SocketClient reader = SocketClient.connect(HTTP, first, bob)) {
      reader.join(room, "");
      for (int i = 0; i < 300; i++) {
        writer.command(
            "publish",
            "\"room\":\"" + room + "\",\"name\":\"n\",\"data\":\"" + "x".repeat(500) + "\"");
        reader.sendPing();
      }
      assertEquals(LongStream.rangeClosed(1, 300).boxed().toList(), seqs(reader, 300));
    }
  }

  @Test
  void leavingEndsDelivery() {
    try (SocketClient client = SocketClient.connect(HTTP, first, alice)) {
      client.join(room, "");
      client.publish(room, "a", "1");
      client.next("event");
      client.ok("leave", "\"room\":\"" + room + '"');
      client.publish(room, "a", "2");
      JsonObject page = client.ok("history", "\"room\":\"" + room + '"');
      assertEquals(2, page.getJsonArray("events").size());
      assertEquals(1, events(client).size());
    }
  }

  @Test
  void aFreshTokenIsTakenOnlyForTheSameUser() {
    try (SocketClient client = SocketClient.connect(HTTP, first, alice)) {
      assertTrue(client.ok("auth", "\"token\":\"" + alice + '"').containsKey("expires"));
      assertEquals("forbidden", client.ask("auth", "\"token\":\"" + bob + '"').getString("code"));
      assertEquals("unauthenticated", client.ask("auth", "\"token\":\"x\"").getString("code"));
    }
  }

  private static int refusal(Map<String, String> headers) {
    return assertThrows(
            SocketClient.ConnectFailed.class,
            () -> SocketClient.connect(HTTP, first, headers).close())
        .status();
  }

  private static List<Long> seqs(SocketClient reader, int count) {
    List<Long> seqs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      JsonObject event =
          reader.take(f -> f.getString("type").equals("event"), Duration.ofSeconds(20));
      seqs.add(event.getJsonNumber("seq").longValue());
    }
    return seqs;
  }

  private static List<JsonObject> events(SocketClient reader) {
    return reader.frames().stream().filter(f -> f.getString("type").equals("event")).toList();
  }
}
