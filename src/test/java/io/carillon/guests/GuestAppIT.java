package io.carillon.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.Texts;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Applications of guests, made at one instance and used at another. */
final class GuestAppIT {
  private static final Cluster CLUSTER = Cluster.shared();
  private static final Duration FOLLOWS = Duration.ofSeconds(20);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Calls operator = Calls.operator(http, CLUSTER.server(0).uri("/"));
  private final String id = "app-" + UUID.randomUUID();

  @AfterEach
  void close() {
    http.close();
  }

  private HttpResponse<String> put(String body) {
    return operator.send("PUT", "/api/apps/" + id, body);
  }

  /** The code that the second instance closes with; 0: it lets the client in. */
  private int code(String key) {
    CompletableFuture<Integer> code = new CompletableFuture<>();
    URI address = URI.create(CLUSTER.server(1).webSocket().resolve("/app/" + key) + "?protocol=7");
    WebSocket socket =
        http.newWebSocketBuilder()
            .buildAsync(address, new Listener(code))
            .orTimeout(20, TimeUnit.SECONDS)
            .join();
    try {
      return code.orTimeout(20, TimeUnit.SECONDS).join();
    } finally {
      socket.abort();
    }
  }

  private record Listener(CompletableFuture<Integer> code) implements WebSocket.Listener {
    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      if (text.toString().contains("pusher:connection_established")) {
        code.complete(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int closed, String reason) {
      code.complete(closed);
      return null;
    }
  }

  private void awaitCode(String key, int wanted) {
    long begun = System.nanoTime();
    while (code(key) != wanted) {
      assertTrue(System.nanoTime() - begun < FOLLOWS.toNanos(), "not followed in time");
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
    }
  }

  @Test
  void anAppIsMadeChangedAndRemovedWhileItRuns() throws IOException {
    HttpResponse<String> made = put("{\"namespace\":\"shop\",\"rights\":[\"read\",\"write\"]}");
    assertEquals(201, made.statusCode(), made::body);
    JsonObject app = Texts.object(made.body());
    String secret = app.getString("secret");
    String key = app.getString("key");
    awaitCode(key, 0);

    String known = operator.send("GET", "/api/apps", "").body();
    assertTrue(known.contains(id), known);
    assertFalse(known.contains(secret), known);
    assertFalse(put("{\"enabled\":false}").body().contains("secret"));
    awaitCode(key, 4003);

    String rotated =
        Texts.object(put("{\"enabled\":true,\"rotate\":true}").body()).getString("secret");
    assertFalse(rotated.equals(secret));
    assertFalse(put("{\"secret\":\"of-my-own\"}").body().contains("of-my-own"));
    awaitCode(key, 0);

    assertEquals(204, operator.send("DELETE", "/api/apps/" + id, "").statusCode());
    awaitCode(key, 4001);
    for (int i = 0; i < 2; i++) {
      String log = Files.readString(CLUSTER.server(i).console());
      assertFalse(log.contains(secret) || log.contains(rotated) || log.contains("of-my-own"));
    }
  }

  @Test
  void whatIsNoAppIsRefused() {
    for (String bad :
        new String[] {
          "{\"namespace\":\"a:b\"}",
          "{\"namespace\":\"carillon\"}",
          "{\"key\":\"a/b\"}",
          "{\"key\":\"\"}",
          "{\"secret\":\"a b\"}",
          "{\"rights\":[\"admin\"]}",
          "{\"rights\":[\"all\"]}"
        }) {
      assertEquals(400, put(bad).statusCode(), bad);
    }
    Calls user =
        new Calls(http, operator.server(), Calls.demoToken(http, operator.server(), "mallory"));
    assertEquals(403, user.send("GET", "/api/apps", "").statusCode());
    assertEquals(403, user.send("PUT", "/api/apps/" + id, "{}").statusCode());
    assertEquals(403, user.send("DELETE", "/api/apps/" + id, "").statusCode());
  }
}
