package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.FrameSocket;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.SocketClient;
import io.carillon.kit.client.Trusting;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that come in several frames, over plain sockets and over TLS. */
final class FragmentsIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static String token;

  private final String room = RoomNames.fresh();

  @BeforeAll
  static void token() {
    token = Calls.demoToken(HTTP, Cluster.shared().server(0).uri("/"), "alice");
  }

  @AfterAll
  static void close() {
    HTTP.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void aMessageThatNeverEndsIsCutAtItsLimit(String scheme) throws Exception {
    try (FrameSocket client = connect(scheme)) {
      byte[] part = new byte[50 * 1024];
      Arrays.fill(part, (byte) ' ');
      client.send(FrameSocket.TEXT, false, part);
      client.send(FrameSocket.MORE, false, part);
      client.send(FrameSocket.PING, true, new byte[4]);
      client.awaitPong();
      sendUnlessCut(client, part);
      assertEquals(1009, client.awaitClose(SocketClient.PATIENCE));
    }
  }

  /** The last part may be written while the server ends it already; what it said is read still. */
  private static void sendUnlessCut(FrameSocket client, byte... part) {
    try {
      client.send(FrameSocket.MORE, false, part);
    } catch (IOException cut) {
      assertTrue(cut instanceof SocketException, cut::toString);
    }
  }

  @Test
  void framesWithAlmostNothingInThemAreCountedToo() throws Exception {
    try (FrameSocket client = connect("http")) {
      client.send(FrameSocket.TEXT, false, (byte) ' ');
      for (int i = 0; i < SocketLink.MAX_FRAMES; i++) {
        sendUnlessCut(client, (byte) ' ');
      }
      assertEquals(1009, client.awaitClose(SocketClient.PATIENCE));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void charactersMayBeCutAndPingsAndNothingMayComeBetween(String scheme) throws Exception {
    String text = "é€😀 漢字".repeat(100);
    try (FrameSocket client = connect(scheme)) {
      client.send(FrameSocket.TEXT, true, utf8(join(1)));
      client.text("\"ref\":1");
      for (int size : new int[] {1, 5, 7, 5000}) {
        byte[] bytes = utf8(publish(size, text));
        for (int from = 0; from < bytes.length; from += size) {
          int to = Math.min(bytes.length, from + size);
          client.send(
              from == 0 ? FrameSocket.TEXT : FrameSocket.MORE,
              to == bytes.length,
              Arrays.copyOfRange(bytes, from, to));
          if (from % (size * 50) == 0 && to < bytes.length) {
            client.send(FrameSocket.MORE, false);
            client.send(FrameSocket.PING, true, (byte) 'p');
          }
        }
        assertTrue(client.text("\"type\":\"event\"").contains(text), size + " bytes each");
      }
    }
  }

  private String join(int ref) {
    return "{\"type\":\"join\",\"ref\":" + ref + ",\"room\":\"" + room + "\"}";
  }

  private String publish(int ref, String text) {
    return "{\"type\":\"publish\",\"ref\":%d,\"room\":\"%s\",\"name\":\"n\",\"data\":\"%s\"}"
        .formatted(ref, room, text);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static FrameSocket connect(String scheme) throws GeneralSecurityException, IOException {
    boolean tls = scheme.equals("https");
    int port = tls ? Cluster.shared().server(0).httpsPort() : Cluster.shared().server(0).port();
    SocketFactory factory =
        tls ? Trusting.context().getSocketFactory() : SocketFactory.getDefault();
    URI server = URI.create(scheme + "://127.0.0.1:" + port);
    return FrameSocket.connect(factory, server, "/ws", token);
  }
}
