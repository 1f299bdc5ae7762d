package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.Roster;
import io.carillon.kit.client.SocketClient;
import io.carillon.kit.client.Texts;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Presence through two servers: sockets and leases. */
final class MembersIT {
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static URI first;
  private static URI second;

  private final String room = RoomNames.fresh();

  @BeforeAll
  static void servers() {
    first = Cluster.shared().server(0).uri("/");
    second = Cluster.shared().server(1).uri("/");
  }

  @AfterAll
  static void close() {
    HTTP.close();
  }

  private static SocketClient socket(URI server, String user) {
    return SocketClient.connect(HTTP, server, Calls.demoToken(HTTP, server, user));
  }

  private Roster watch(SocketClient client) {
    client.join(room, ",\"presence\":true");
    return new Roster(client, room);
  }

  private void beMember(SocketClient client, String state) {
    client.join(room, ",\"presence\":{\"state\":" + state + "}");
  }

  @Test
  void membersComeChangeAndGoOnBothServers() {
    try (SocketClient watcher = socket(second, "watcher");
        SocketClient alice = socket(first, "alice");
        SocketClient phone = socket(second, "alice")) {
      Roster seen = watch(watcher);
      beMember(alice, "{\"mood\":\"ok\"}");
      seen.await(SOON, "alice");
      JsonObject joined = alice.next("members");
      assertEquals(1, joined.getInt("count"), "who is a member is in its own first list");
      beMember(phone, "{\"mood\":\"busy\"}");
      JsonObject update =
          watcher.take(
              f -> f.getString("type").equals("presence") && !f.getJsonArray("updated").isEmpty());
      JsonObject member = update.getJsonArray("updated").getJsonObject(0);
      assertEquals(2, member.getInt("connections"));
      assertEquals("busy", member.getJsonObject("state").getString("mood"));
      phone.ok("untrack", "\"room\":\"" + room + '"');
      alice.ok("track", "\"room\":\"" + room + "\",\"state\":{\"mood\":\"back\"}");
      JsonObject list = alice.ok("members", "\"room\":\"" + room + '"');
      assertEquals(1, list.getInt("count"));
      JsonObject self = list.getJsonArray("members").getJsonObject(0);
      assertEquals("back", self.getJsonObject("state").getString("mood"));
      Calls http = new Calls(HTTP, first, Calls.demoToken(HTTP, first, "alice"));
      String page = http.send("GET", "/api/rooms/" + room + "/members", "").body();
      assertEquals(list.getJsonArray("members"), Texts.object(page).getJsonArray("members"));
      alice.ok("leave", "\"room\":\"" + room + '"');
      seen.await(SOON);
      assertEquals(2, seen.changes());
    }
  }

  @Test
  void aClientThatComesBackElsewhereWithinTheGraceNeverLeft() {
    try (SocketClient watcher = socket(second, "watcher");
        SocketClient alice = socket(first, "alice");
        SocketClient eve = socket(first, "eve")) {
      Roster seen = watch(watcher);
      beMember(alice, "{}");
      beMember(eve, "{}");
      seen.await(SOON, "alice", "eve");
      alice.abort();
      eve.abort();
      try (SocketClient again = socket(second, "alice")) {
        beMember(again, "{}");
        Duration gone = seen.await(Duration.ofSeconds(9), "alice");
        assertTrue(gone.toMillis() > 3_000, "eve had her grace: " + gone);
        assertEquals(3, seen.changes(), "alice came, eve came and went");
      }
    }
  }

  @Test
  void aLeaseIsAMemberOnBothServersUntilItIsEnded() {
    Calls bob = new Calls(HTTP, first, Calls.demoToken(HTTP, first, "bob"));
    Calls carol = new Calls(HTTP, second, Calls.demoToken(HTTP, second, "carol"));
    String members = "/api/rooms/" + room + "/members";
    try (SocketClient watcher = socket(second, "watcher")) {
      Roster seen = watch(watcher);
      assertEquals(204, bob.send("PUT", members + "/me", "{\"state\":{\"a\":1}}").statusCode());
      assertEquals(204, carol.send("PUT", members + "/me", "{\"state\":{}}").statusCode());
      String both = bob.send("GET", members, "").body();
      assertTrue(both.contains("\"count\":2"), both);
      seen.await(SOON, "bob", "carol");
      String page = carol.send("GET", members + "?limit=1", "").body();
      assertTrue(page.contains("bob") && !page.contains("carol"), page);
      assertEquals(204, bob.send("DELETE", members + "/me", "").statusCode());
      seen.await(SOON, "carol");
      assertEquals(204, carol.send("DELETE", members + "/me", "").statusCode());
      seen.await(SOON);
    }
  }
}
