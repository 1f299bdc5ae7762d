package io.carillon.security;

import io.carillon.kit.client.RawHttp;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;

/** The same wish on each carrier, as a client writes it: the events of a room, or one more. */
enum CarrierCall {
  SOCKET(
      "GET /ws",
      """
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Version: 13\r
      Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
      """,
      "",
      101),
  STREAM("GET /api/rooms/%s/events", "Accept: text/event-stream\r\n", "", 200),
  POLL("GET /api/rooms/%s/events?after=0.0", "Prefer: wait=1\r\n", "", 200),
  PAGE("GET /api/rooms/%s/events", "", "", 200),
  STREAM_OF_ROOMS(
      "POST /api/streams",
      "Accept: text/event-stream\r\nContent-Type: application/json\r\n",
      "{\"rooms\":[\"%s\"]}",
      200),
  PUBLISH(
      "POST /api/rooms/%s/events",
      "Content-Type: application/json\r\n", "{\"name\":\"n\",\"data\":1}", 201);

  /** The status of success. */
  final int good;

  private final String line;
  private final String own;
  private final String body;

  CarrierCall(String line, String own, String body, int good) {
    this.line = line;
    this.own = own;
    this.body = body;
    this.good = good;
  }

  /** Whether it may change something. */
  boolean writes() {
    return line.startsWith("POST");
  }

  /**
   * The head of the answer, in small letters.
   *
   * @param query without its mark; may be empty
   * @param headers each with its line end
   */
  String head(URI server, String room, String query, String headers) throws IOException {
    String target = line.formatted(room);
    String separator = target.contains("?") ? "&" : "?";
    String content = body.formatted(room);
    try (RawHttp http = new RawHttp(server)) {
      http.send(
          target
              + (query.isEmpty() ? "" : separator + query)
              + " HTTP/1.1\r\nHost: "
              + server.getAuthority()
              + "\r\n"
              + own
              + (content.isEmpty() ? "" : "Content-Length: " + content.length() + "\r\n")
              + headers
              + "\r\n"
              + content);
      return http.head().toLowerCase(Locale.ROOT);
    }
  }

  /** The status of the answer. */
  int status(URI server, String room, String query, String headers) throws IOException {
    String head = head(server, room, query, headers);
    return head.startsWith("http/1.1 ") ? Integer.parseInt(head.substring(9, 12)) : -1;
  }
}
