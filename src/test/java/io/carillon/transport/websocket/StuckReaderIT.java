package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.Metrics;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.SocketClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A peer that stops reading is given up, and costs nobody else anything. */
final class StuckReaderIT {
  @Test
  void isCutWhileTheOthersGoOn() throws Exception {
    String room = RoomNames.fresh();
    URI server = Cluster.shared().server(0).uri("/");
    try (HttpClient http = HttpClient.newHttpClient();
        Socket stuck = new Socket()) {
      String token = Calls.demoToken(http, server, "alice");
      double before = givenUp(http, server);
      stuck.setReceiveBufferSize(4096);
      stuck.connect(new InetSocketAddress(server.getHost(), server.getPort()));
      upgrade(stuck, server, token);
      sendText(stuck, "{\"type\":\"join\",\"ref\":1,\"room\":\"" + room + "\"}");
      awaitText(stuck.getInputStream(), "\"cursor\"");
      try (SocketClient writer = SocketClient.connect(http, server, token);
          SocketClient reader = SocketClient.connect(http, server, token)) {
        reader.join(room, "");
        String data = "\"" + "x".repeat(60_000) + "\"";
        // More than the kernel and the outbox take: the rest waits in the log.
        for (int i = 1; i <= 200; i++) {
          writer.publish(room, "n", data);
          assertEquals(i, reader.next("event").getInt("seq"));
        }
        // A write that makes no progress for 10 s ends the connection. (The container keeps its
        // descriptor 30 s longer, for a close frame that the peer may still send.)
        long patience = Duration.ofSeconds(40).toNanos();
        long begun = System.nanoTime();
        while (givenUp(http, server) == before) {
          assertTrue(System.nanoTime() - begun < patience, "the stuck reader was not given up");
          writer.ask("ping", "");
        }
        writer.publish(room, "n", "1");
        assertEquals(201, reader.next("event").getInt("seq"));
      }
    }
  }

  /** How many connections this server has closed as overloaded or too slow. */
  private static double givenUp(HttpClient http, URI server) throws Exception {
    return Metrics.of(http, server).sum("carillon_connections_closed_total", "\"1013\"");
  }

  private static void upgrade(Socket socket, URI server, String token) throws Exception {
    String request =
        "GET /ws HTTP/1.1\r\nHost: "
            + server.getAuthority()
            + "\r\n"
            + "Upgrade: websocket\r\n"
            + "Connection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Protocol: carillon.v1\r\n"
            + "Authorization: Bearer "
            + token
            + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    awaitText(socket.getInputStream(), " 101 ");
    awaitText(socket.getInputStream(), "\"welcome\"");
  }

  private static void sendText(Socket socket, String text) throws IOException {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    byte[] frame = new byte[6 + payload.length];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) (0x80 | payload.length);
    System.arraycopy(payload, 0, frame, 6, payload.length);
    socket.getOutputStream().write(frame);
  }

  private static void awaitText(InputStream in, String wanted) throws Exception {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf(wanted) < 0) {
      int next = in.read();
      assertTrue(next >= 0, () -> "ended before " + wanted + ": " + seen);
      seen.append((char) next);
    }
  }
}
