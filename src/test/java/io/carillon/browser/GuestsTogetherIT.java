package io.carillon.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.pusher.rest.Pusher;
import io.carillon.guests.NpmFolder;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.client.Calls;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One room, five kinds of client on a page: {@code carillon.js}, an EventSource, {@code
 * socket.io-client}, {@code pusher-js} and plain requests. Two such pages on two instances, of
 * which one is killed while everybody publishes: all hear the same, in the same order, each once;
 * the one whose protocol has no replay has its gap where its connection was away.
 */
final class GuestsTogetherIT extends BrokenNetwork {
  /** Of each publisher: three on either page, a server with Pusher's library, and a plain one. */
  private static final int EACH = 125;

  private static final int ALL = 8 * EACH;
  private static final int PAUSE_MS = 60;
  private static final List<String> WITH_REPLAY = List.of("native", "sse", "socketio", "history");

  private final String channel = "together-" + UUID.randomUUID();
  private Path packages;

  @BeforeEach
  void packages() throws Exception {
    packages = NpmFolder.of("together");
  }

  @Test
  void everybodyHearsTheSame() throws Exception {
    open(ann);
    open(bob);
    List<Visitor> both = List.of(ann, bob);
    both.forEach(
        visitor ->
            visitor
                .page()
                .evaluate(
                    "void (together.done = together.publish(%d, %d).then(() => true))"
                        .formatted(EACH, PAUSE_MS)));
    try (HttpClient http = HttpClient.newHttpClient()) {
      LibertyServer stays = stage.server(1);
      CompletableFuture<Void> pusher = CompletableFuture.runAsync(() -> triggerAll(stays));
      CompletableFuture<Void> plain = CompletableFuture.runAsync(() -> publishAll(http, stays));
      ann.page().waitForTimeout(3_000);
      stage.kill(0);
      both.forEach(visitor -> assertEquals(true, visitor.page().evaluate("together.done")));
      CompletableFuture.allOf(pusher, plain).join();
    }
    List<String> log = null;
    for (Visitor visitor : both) {
      visitor.page().evaluate("together.read()");
      for (String kind : WITH_REPLAY) {
        visitor
            .page()
            .waitForFunction(
                "kind => together.heard[kind].length >= " + ALL,
                kind,
                new Page.WaitForFunctionOptions().setTimeout(LONG_MS));
      }
      log = log == null ? heard(visitor, "history") : log;
      assertEquals(ALL, Set.copyOf(log).size(), "each is in the log once");
      for (String kind : WITH_REPLAY) {
        assertEquals(log, heard(visitor, kind), () -> visitor.name() + ' ' + kind);
      }
    }
    assertEquals(log, heard(bob, "pusher"), "at the instance that lives");
    assertGap(log);
    assertTrue((int) ann.page().evaluate("together.recovered()") > 0, "Socket.IO has recovered");
    ann.page()
        .screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/guests/together.png")));
  }

  /** What pusher-js has heard is the log without a part, at the place where it came back. */
  private void assertGap(List<String> log) {
    List<String> theirs = heard(ann, "pusher");
    List<Integer> joins = new ArrayList<>();
    ((List<?>) ann.page().evaluate("together.gaps")).forEach(at -> joins.add((Integer) at));
    assertEquals(2, joins.size(), "subscribed twice: " + joins);
    int at = joins.getLast();
    int missed = log.size() - theirs.size();
    assertTrue(missed >= 0, "heard more than there is: " + theirs.size());
    List<String> expected = new ArrayList<>(log.subList(0, at));
    expected.addAll(log.subList(at + missed, log.size()));
    assertEquals(expected, theirs);
    assertEquals(theirs.size(), new HashSet<>(theirs).size());
  }

  @SuppressWarnings("unchecked") // The page holds strings.
  private static List<String> heard(Visitor visitor, String kind) {
    return (List<String>) visitor.page().evaluate("kind => together.heard[kind]", kind);
  }

  private void open(Visitor visitor) {
    FrontDoor door = visitor.door();
    Path modules = packages.resolve("node_modules");
    door.serve("/five/", packages.resolve("index.html"));
    door.serve("/five/page.js", packages.resolve("page.js"));
    door.serve("/five/pusher.js", modules.resolve("pusher-js/dist/web/pusher.min.js"));
    door.serve("/five/socket.io.js", modules.resolve("socket.io-client/dist/socket.io.min.js"));
    visitor.page().navigate(door.origin() + "/five/#" + channel + '/' + visitor.name());
    visitor.page().waitForFunction("window.together && together.ready");
  }

  private void triggerAll(LibertyServer server) {
    Pusher pusher = new Pusher("demo", "demo-key", "demo-secret");
    pusher.setHost("127.0.0.1:" + server.port());
    pusher.setEncrypted(false);
    for (int i = 0; i < EACH; i++) {
      assertEquals(
          200, pusher.trigger(channel, "said", Map.of("id", "pusher-" + i)).getHttpStatus());
      rest();
    }
  }

  private void publishAll(HttpClient http, LibertyServer server) {
    Calls calls = new Calls(http, server.uri("/"), Calls.demoToken(http, server.uri("/"), "plain"));
    for (int i = 0; i < EACH; i++) {
      calls.publish("pusher:" + channel, "said", "{\"id\":\"plain-" + i + "\"}");
      rest();
    }
  }

  private static void rest() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
