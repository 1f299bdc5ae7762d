package io.carillon.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RawHttp;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.SocketClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Peers that neither send nor read hold up nobody else: while many of them are there, an open
 * socket is answered, a new one is let in, and the server says that it lives.
 */
final class SlowPeersIT {
  private static final int PEERS = 200;
  private static final int EVENTS = 12;
  private static final int MEMBERS = 150;
  private static final int ROOMS = 240;
  private static final int ROOMS_A_SOCKET = 80;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static LibertyServer server;
  private static URI address;
  private static String token;

  private final String room = RoomNames.fresh();

  @BeforeAll
  static void token() {
    server = Cluster.shared().server(0);
    address = server.uri("/");
    token = Calls.demoToken(HTTP, address, "alice");
  }

  @AfterAll
  static void close() {
    HTTP.close();
  }

  @Test
  void bodiesThatDripHoldNoThreadThatSocketsNeed() throws Exception {
    List<RawHttp> peers = new ArrayList<>();
    try (SocketClient open = SocketClient.connect(HTTP, address, token)) {
      String body = "{\"name\":\"n\",\"data\":\"" + "x".repeat(500) + "\"}";
      for (int i = 0; i < PEERS; i++) {
        peers.add(new RawHttp(address).send(publish(body.length())).send(body.substring(0, 1)));
      }
      everybodyElseIsAnswered(open);
      RawHttp patient = peers.getFirst().send(body.substring(1));
      assertTrue(patient.head().startsWith("HTTP/1.1 201 "), "a slow body is taken all the same");
    } finally {
      close(peers);
    }
  }

  @Test
  void readersOfFilesThatDoNotReadHoldNoThreadThatSocketsNeed() throws Exception {
    List<RawHttp> peers = new ArrayList<>();
    try (SocketClient open = SocketClient.connect(HTTP, address, token)) {
      String many = "GET /docs/performance-results.md HTTP/1.1\r\nHost: a\r\n\r\n";
      for (int i = 0; i < PEERS; i++) {
        peers.add(new RawHttp(address).send(many.repeat(450)));
      }
      assertTrue(peers.getFirst().head().startsWith("HTTP/1.1 200 "));
      everybodyElseIsAnswered(open);
    } finally {
      close(peers);
    }
  }

  @Test
  void readersOfHistoryThatDoNotReadHoldNoThreadThatSocketsNeed() throws Exception {
    Calls calls = new Calls(HTTP, address, token);
    String data = "\"" + "x".repeat(60_000) + "\"";
    for (int i = 0; i < EVENTS; i++) {
      calls.publish(room + "h", "n", data);
    }
    nobodyReads("/api/rooms/" + room + "h/events", 4);
  }

  @Test
  void readersOfMembersThatDoNotReadHoldNoThreadThatSocketsNeed() throws Exception {
    String state = "{\"state\":{\"s\":\"" + "x".repeat(1000) + "\"}}";
    String members = "/api/rooms/" + room + "m/members";
    for (int i = 0; i < MEMBERS; i++) {
      Calls member = new Calls(HTTP, address, Calls.demoToken(HTTP, address, "member" + i));
      assertEquals(204, member.send("PUT", members + "/me", state).statusCode());
    }
    nobodyReads(members, 20);
  }

  @Test
  void readersOfRoomsThatDoNotReadHoldNoThreadThatSocketsNeed() throws Exception {
    String prefix = room + "-" + "r".repeat(150);
    List<SocketClient> occupants = new ArrayList<>();
    try {
      for (int i = 0; i < ROOMS; i++) {
        if (i % ROOMS_A_SOCKET == 0) {
          occupants.add(SocketClient.connect(HTTP, address, token));
        }
        occupants.getLast().join(prefix + i, "");
      }
      String list = "/api/rooms?prefix=" + room + "-";
      Calls calls = new Calls(HTTP, address, token);
      while (!calls.send("GET", list, "").body().contains(prefix + (ROOMS - 1))) {
        TimeUnit.MILLISECONDS.sleep(100); // occupancy is told in a beat
      }
      nobodyReads(list, 60);
    } finally {
      occupants.forEach(SocketClient::close);
    }
  }

  /** Many ask for a path so many times each, and read nothing of it. */
  private void nobodyReads(String path, int times) throws Exception {
    String request =
        "GET %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n".formatted(path, token);
    List<RawHttp> peers = new ArrayList<>();
    try (SocketClient open = SocketClient.connect(HTTP, address, token)) {
      for (int i = 0; i < PEERS; i++) {
        peers.add(new RawHttp(address).send(request.repeat(times)));
      }
      assertTrue(peers.getFirst().head().startsWith("HTTP/1.1 200 "));
      everybodyElseIsAnswered(open);
    } finally {
      close(peers);
    }
  }

  private void everybodyElseIsAnswered(SocketClient open) {
    open.join(room, "");
    for (int i = 1; i <= 20; i++) {
      assertEquals(i, open.publish(room, "n", "1").getInt("seq"));
    }
    assertEquals(200, new Calls(HTTP, address, "").send("GET", "/health/live", "").statusCode());
    try (SocketClient fresh = SocketClient.connect(HTTP, address, token)) {
      assertEquals("alice", fresh.next("welcome").getString("user"));
    }
    assertEquals(200, new Calls(HTTP, address, "").send("GET", "/carillon.js", "").statusCode());
  }

  private String publish(int length) {
    return """
    POST /api/rooms/%s/events HTTP/1.1\r
    Host: a\r
    Authorization: Bearer %s\r
    Content-Type: application/json\r
    Content-Length: %d\r
    \r
    """
        .formatted(room + "s", token, length);
  }

  private static void close(List<RawHttp> peers) throws IOException {
    for (RawHttp peer : peers) {
      peer.close();
    }
  }
}
