package io.carillon.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.SocketClient;
import io.carillon.kit.client.StreamClient;
import io.carillon.kit.client.Texts;
import io.carillon.kit.client.WireSchema;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events of bytes over two real servers: one is told, both tell. */
class BytesIT {
  private static final Cluster CLUSTER = Cluster.shared();
  private static final String OCTETS = "application/octet-stream";

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI first = CLUSTER.server(0).uri("/");
  private final URI second = CLUSTER.server(1).uri("/");
  private final Calls calls = new Calls(http, first, Calls.demoToken(http, first, "bytes"));
  private final Calls other = new Calls(http, second, calls.token());
  private final String room = "bytes:" + UUID.randomUUID();
  private final String events = "/api/rooms/" + room + "/events";

  @AfterEach
  void close() {
    http.close();
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private HttpResponse<String> publish(byte[] body, String query, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(first.resolve(events + query))
            .header("Authorization", "Bearer " + calls.token())
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .setHeader("Content-Type", OCTETS);
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<byte[]> raw(URI server, String seq, String accept) {
    return send(
        HttpRequest.newBuilder(server.resolve(events + '/' + seq))
            .header("Authorization", "Bearer " + calls.token())
            .header("Accept", accept),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private <T> HttpResponse<T> send(
      HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(request.build(), handler);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static void refused(int status, String code, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer.body());
    assertEquals(code, Texts.object(answer.body()).getString("code"));
  }

  @Test
  void bytesComeBackByteForByteOnBothServers() {
    List<byte[]> bodies = List.of(bytes(256), new byte[0], bytes(65_536));
    int seq = 0;
    for (byte[] body : bodies) {
      HttpResponse<String> answer = publish(body, "?name=doc.update");
      assertEquals(201, answer.statusCode(), answer.body());
      assertEquals(++seq, Texts.object(answer.body()).getInt("seq"));
      for (URI server : List.of(first, second)) {
        HttpResponse<byte[]> back = raw(server, "" + seq, OCTETS);
        assertEquals(200, back.statusCode());
        assertArrayEquals(body, back.body());
        assertEquals(OCTETS, back.headers().firstValue("Content-Type").orElse(""));
        assertEquals("attachment", back.headers().firstValue("Content-Disposition").orElse(""));
        assertEquals(List.of("nosniff"), back.headers().allValues("X-Content-Type-Options"));
        assertEquals(
            answer.headers().firstValue("Carillon-Cursor"),
            back.headers().firstValue("Carillon-Cursor"));
      }
    }
    List<JsonObject> page = other.page(events).getJsonArray("events").getValuesAs(JsonObject.class);
    assertEquals(bodies.size(), page.size());
    for (int i = 0; i < bodies.size(); i++) {
      assertBytes(bodies.get(i), page.get(i));
    }
  }

  private static void assertBytes(byte[] bytes, JsonObject event) {
    assertEquals("base64", event.getString("encoding"));
    assertArrayEquals(bytes, Base64.getDecoder().decode(event.getString("data")));
  }

  @Test
  void everyTransportTellsThem() {
    byte[] bytes = bytes(256);
    try (StreamClient stream = StreamClient.open(http, second, calls.token(), events);
        SocketClient near = SocketClient.connect(http, first, calls.token());
        SocketClient far = SocketClient.connect(http, second, calls.token())) {
      stream.next("carillon:joined");
      near.join(room, "");
      far.join(room, "");
      publish(bytes, "?name=doc.update");
      calls.publish(room, "plain", "\"AAEC\"");
      assertBytes(bytes, stream.next("doc.update").json());
      assertFalse(stream.next("plain").json().containsKey("encoding"));
      for (SocketClient socket : List.of(near, far)) {
        assertBytes(bytes, socket.next("event"));
        assertFalse(socket.next("event").containsKey("encoding"));
        JsonObject history = socket.ok("history", "\"room\":\"" + room + '"');
        assertBytes(bytes, history.getJsonArray("events").getJsonObject(0));
      }
      try (SocketClient late = SocketClient.connect(http, second, calls.token())) {
        late.join(room, ",\"after\":\"0.0\"");
        assertBytes(bytes, late.next("event"));
      }
    }
    JsonObject polled = other.poll(room, "0.0", 5);
    assertBytes(bytes, polled.getJsonArray("events").getJsonObject(0));
  }

  @Test
  void keyAndMetaStandInTheQuery() {
    String query = "?name=n&key=in%20query&meta=%7B%22type%22%3A%22image%2Fpng%22%7D";
    assertEquals(201, publish(bytes(3), query).statusCode());
    assertEquals(200, publish(bytes(4), query).statusCode());
    assertEquals(201, publish(bytes(5), query, "Idempotency-Key", "of header").statusCode());
    assertEquals(
        200,
        calls
            .send("POST", events, "{\"name\":\"x\",\"data\":1}", "Idempotency-Key", "in query")
            .statusCode());
    assertEquals(201, publish(bytes(6), "?name=a/b%3ac&key=%2B%25%26+%3D%2525").statusCode());
    List<JsonObject> page = other.page(events).getJsonArray("events").getValuesAs(JsonObject.class);
    assertEquals("a/b:c", page.getLast().getString("name"));
    assertEquals(
        List.of("in query", "of header", "+%& =%25"),
        page.stream().map(e -> e.getString("id")).toList());
    assertBytes(bytes(3), page.getFirst());
    assertEquals("image/png", page.getFirst().getJsonObject("meta").getString("type"));
  }

  @Test
  void limitsAreInBytes() {
    refused(413, "too_large", publish(bytes(65_537), "?name=n"));
    refused(413, "too_large", publish(bytes(1024 * 1024 + 1), "?name=n"));
    assertEquals(0, calls.page(events).getJsonArray("events").size());
  }

  @Test
  void whatIsWrongIsNamed() {
    refused(400, "bad_name", publish(bytes(1), ""));
    refused(400, "bad_name", publish(bytes(1), "?name=a%20b"));
    refused(400, "bad_name", publish(bytes(1), "?name=a&name=b"));
    refused(400, "bad_data", publish(bytes(1), "?name=a&meta=1"));
    refused(400, "bad_data", publish(bytes(1), "?name=a&key="));
    refused(415, "unsupported", publish(bytes(1), "?name=a", "Content-Type", "image/png"));
  }

  @Test
  void oneEventIsJsonOrItsBytes() {
    calls.publish(room, "plain", "{ \"a\" : 1.0 }");
    publish(bytes(3), "?name=raw");
    HttpResponse<String> json = other.send("GET", events + "/1", "");
    assertEquals(200, json.statusCode());
    WireSchema.check("event", json.body());
    assertEquals("application/json", json.headers().firstValue("Content-Type").orElse(""));
    assertEquals(
        "{ \"a\" : 1.0 }",
        json.body()
            .substring(json.body().indexOf("\"data\":") + 7, json.body().indexOf(",\"by\"")));
    assertBytes(bytes(3), Texts.object(other.send("GET", events + "/2", "").body()));

    refused(406, "unsupported", other.send("GET", events + "/1", "", "Accept", OCTETS));
    refused(406, "unsupported", other.send("GET", events + "/2", "", "Accept", "text/html"));
    assertEquals(
        200, other.send("GET", events + "/1", "", "Accept", OCTETS + ", */*;q=0.1").statusCode());
    for (String seq : List.of("3", "0", "-1", "x", "1.5", "99999999999999999999")) {
      refused(404, "not_found", other.send("GET", events + '/' + seq, ""));
    }
    String empty = "/api/rooms/bytes:" + UUID.randomUUID() + "/events/1";
    refused(404, "not_found", other.send("GET", empty, ""));
    refused(401, "unauthenticated", new Calls(http, first, "").send("GET", events + "/1", ""));
    refused(400, "bad_room", other.send("GET", "/api/rooms/a%20b/events/1", ""));
    refused(405, "unsupported", other.send("POST", events + "/1", "{}"));
  }

  @Test
  void cloudEventsMayCarryBytes() {
    HttpResponse<String> structured =
        calls.send(
            "POST",
            events,
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t.s\",\"source\":\"/s\","
                + "\"datacontenttype\":\"image/png\",\"data_base64\":\"AAH/\"}",
            "Content-Type",
            "application/cloudevents+json");
    assertEquals(201, structured.statusCode(), structured.body());
    HttpResponse<String> binary =
        publish(
            new byte[] {0, 1, -1},
            "",
            "Content-Type",
            "image/png",
            "ce-specversion",
            "1.0",
            "ce-id",
            "2",
            "ce-type",
            "t.b",
            "ce-source",
            "/s");
    assertEquals(201, binary.statusCode(), binary.body());
    for (JsonObject event :
        other.page(events).getJsonArray("events").getValuesAs(JsonObject.class)) {
      assertBytes(new byte[] {0, 1, -1}, event);
      assertEquals("image/png", event.getJsonObject("meta").getString("datacontenttype"));
    }
  }
}
