package io.carillon.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RawHttp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sockets that begin where none is, and such that end as no client should. */
final class OddSocketsIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static LibertyServer server;
  private static String token;

  @BeforeAll
  static void token() {
    server = Cluster.shared().server(0);
    token = Calls.demoToken(HTTP, server.uri("/"), "alice");
  }

  @AfterAll
  static void close() {
    HTTP.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ws/",
        "/ws//",
        "//ws",
        "/ws/x",
        "/ws;a=b",
        "/./ws",
        "/api/../ws",
        "/%77s",
        "/",
        "/api/ws"
      })
  void thereIsOneSocketAndOnePath(String path) throws Exception {
    for (String credential : new String[] {"Authorization: Bearer " + token + "\r\n", ""}) {
      try (RawHttp client = new RawHttp(server.uri("/"))) {
        String head = client.send(handshake(path, credential)).head();
        assertTrue(head.matches("(?s)HTTP/1.1 40[014] .*"), head);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ws", "/ws/", "/ws/x", "//ws", "/wsx", "/ws/../ws/y"})
  void noTokenOfAQueryReachesAFileOfTheServer(String path) throws Exception {
    String canary = "canary" + path.hashCode();
    String secret = "eyJhbGciOiJSUzI1NiJ9.e30." + canary;
    try (RawHttp client = new RawHttp(server.uri("/"))) {
      client.send(handshake(path + "?access_token=" + secret, "")).head();
    }
    try (RawHttp client = new RawHttp(server.uri("/"))) {
      client.send(handshake(path + "?ticket=" + canary, "")).head();
    }
    Path logs = server.messages().getParent();
    try (Stream<Path> files = Files.walk(logs)) {
      assertEquals(0, files.filter(Files::isRegularFile).filter(f -> has(f, canary)).count());
    }
  }

  @Test
  void oddEndsLeaveNoDescriptorBehind() throws Exception {
    oddEnds(3);
    long before = descriptors();
    oddEnds(50);
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    long after = descriptors();
    while (after > before + 10 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
      after = descriptors();
    }
    assertFalse(after > before + 10, before + " descriptors before, " + after + " after");
  }

  /** Four kinds of ends, each so many times. */
  private static void oddEnds(int times) throws IOException {
    String head = handshake("/ws", "Authorization: Bearer " + token + "\r\n");
    for (int i = 0; i < times; i++) {
      for (String last : new String[] {"", "\u0001\u0001", "\u0008\u0000", "reset"}) {
        RawHttp client = new RawHttp(server.uri("/"));
        assertTrue(client.send(head).head().startsWith("HTTP/1.1 101 "));
        if (last.equals("reset")) {
          client.reset();
        } else {
          client.send(last).close();
        }
      }
      RawHttp refused = new RawHttp(server.uri("/"));
      refused.send(handshake("/ws/", "")).close();
    }
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
      return open.count();
    }
  }

  private static boolean has(Path file, String word) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1).contains(word);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String handshake(String target, String credential) {
    return """
    GET %s HTTP/1.1\r
    Host: a\r
    Upgrade: websocket\r
    Connection: Upgrade\r
    Sec-WebSocket-Version: 13\r
    Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
    Sec-WebSocket-Protocol: carillon.v1\r
    %s\r
    """
        .formatted(target, credential);
  }
}
