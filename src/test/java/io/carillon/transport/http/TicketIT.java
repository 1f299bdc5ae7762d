package io.carillon.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.StreamClient;
import io.carillon.kit.client.Texts;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Readers that come back with their one-time ticket, to two real servers. */
final class TicketIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static URI first;
  private static URI second;
  private static Calls alice;

  private final String path = "/api/rooms/" + RoomNames.fresh() + "/events?ticket=";

  @BeforeAll
  static void servers() {
    first = Cluster.shared().server(0).uri("/");
    second = Cluster.shared().server(1).uri("/");
    alice = new Calls(HTTP, first, Calls.demoToken(HTTP, first, "alice"));
  }

  @AfterAll
  static void close() {
    HTTP.close();
  }

  @Test
  void aReaderWithACookieComesBackToAnyServerAsOftenAsItMust() {
    String one = path + ticket(alice);
    Calls bob = new Calls(HTTP, first, Calls.demoToken(HTTP, first, "bob"));
    String two = path + ticket(bob);
    String cookie = cookie(open(first, one, Map.of()));
    assertEquals(cookie, cookie(open(second, two, Map.of("Cookie", cookie))), "one for both");
    for (URI server : List.of(second, first, second)) {
      for (String url : List.of(one, two)) {
        assertEquals(cookie, cookie(open(server, url, Map.of("Cookie", cookie))));
      }
    }
    refused(one, Map.of());
    refused(one, Map.of("Cookie", cookie + "x"));
    refused(path + "x".repeat(43), Map.of("Cookie", cookie));
    refused(one, Map.of("Last-Event-ID", "0.0"));
  }

  @Test
  void aReaderWithoutCookiesComesBackWithItsPosition() {
    String url = path + ticket(alice);
    StreamClient begun = open(first, url, Map.of());
    String seen = begun.lastId();
    for (URI server : List.of(second, first, second)) {
      open(server, url, Map.of("Last-Event-ID", seen));
    }
    open(first, url + "&lastEventId=" + seen, Map.of());
    refused(url, Map.of());
    refused(url, Map.of("Last-Event-ID", seen, "User-Agent", "another"));
  }

  @Test
  void aRevokedUserComesBackNoMore() {
    String user = "revoked-" + RoomNames.fresh().replace(':', '-');
    Calls calls = new Calls(HTTP, first, Calls.demoToken(HTTP, first, user));
    String url = path + ticket(calls);
    String cookie = cookie(open(first, url, Map.of()));
    HttpResponse<String> revoked =
        Calls.operator(HTTP, first)
            .send("DELETE", "/api/users/" + user + "/connections?revoke=true", "");
    assertEquals(204, revoked.statusCode(), revoked.body());
    refused(url, Map.of("Cookie", cookie));
  }

  private static String ticket(Calls who) {
    HttpResponse<String> made = who.send("POST", "/api/tickets", "");
    assertEquals(201, made.statusCode(), made.body());
    return Texts.object(made.body()).getString("ticket");
  }

  /** Opens a stream, waits until it has begun, and breaks off. */
  private static StreamClient open(URI server, String url, Map<String, String> headers) {
    try (StreamClient stream = StreamClient.open(HTTP, server, "", url, headers)) {
      assertEquals(200, stream.status(), url);
      stream.next("carillon:joined");
      return stream;
    }
  }

  private static String cookie(StreamClient stream) {
    String cookie = stream.header("Set-Cookie");
    assertTrue(cookie.matches(".*; Path=/; Max-Age=(900|8\\d\\d); HttpOnly; .*"), cookie);
    return cookie.substring(0, cookie.indexOf(';'));
  }

  private static void refused(String url, Map<String, String> headers) {
    try (StreamClient stream = StreamClient.open(HTTP, first, "", url, headers)) {
      assertEquals(401, stream.status(), url);
    }
  }
}
