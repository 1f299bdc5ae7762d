package io.carillon.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import io.carillon.kit.client.Calls;
import jakarta.json.JsonObject;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The queue that survives its tab, in a real IndexedDB: {@code carillon-client/offline}. */
final class OfflineIT {
  private final String room = "offline:" + UUID.randomUUID();
  private final FrontDoor door = BrowserStage.shared().door(0);
  private Visitor ann;

  @BeforeAll
  static void aBrowser() {
    Browsers.chromium();
  }

  @BeforeEach
  void visitor() {
    door.serve("/offline.js", Path.of("target/npm/offline.js"));
    ann = Visitor.signedIn(door, "ann");
  }

  @AfterEach
  void leave() {
    door.open(true);
    ann.close();
  }

  /** A page with the queue of a user; {@code broken}: its client never gets a connection. */
  private Page open(String user, boolean broken) {
    Page page = ann.context().newPage();
    page.navigate(door.origin() + "/favicon.svg");
    page.evaluate(
        """
        async ([user, broken]) => {
          const { Carillon } = await import('/carillon.js');
          const { OfflineQueue } = await import('/offline.js');
          window.failed = [];
          window.carillon = new Carillon(
            null,
            broken ? { transports: ['websocket'], WebSocket: class { close() {} } } : {},
          );
          window.queue = await OfflineQueue.open(carillon, user, {
            failed: ({ data }, { code }) => failed.push([data, code]),
          });
        }
        """,
        List.of(user, broken));
    return page;
  }

  private void publish(Page page, int from, int to) {
    page.evaluate(
        """
        ([room, from, to]) => {
          for (let i = from; i <= to; i++) queue.publish(room, 'note', i).catch(() => {});
        }
        """,
        List.of(room, from, to));
  }

  /** What is in the room, as soon as there are that many, or what there is after ten seconds. */
  private List<Integer> log(Calls calls, int events) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    List<Integer> seen = log(calls);
    while (seen.size() < events && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      seen = log(calls);
    }
    return seen;
  }

  private List<Integer> log(Calls calls) {
    return calls.page("/api/rooms/" + room + "/events").getJsonArray("events").stream()
        .map(event -> ((JsonObject) event).getInt("data"))
        .toList();
  }

  @Test
  void whatWasWrittenOfflineIsPublishedByTheNextPage() {
    Page first = open("ann", false);
    first.waitForFunction("() => carillon.status.state === 'live'");
    publish(first, 1, 1);
    first.waitForFunction("() => queue.pending.length === 0");
    door.open(false);
    publish(first, 2, 4);
    first.waitForFunction("() => queue.pending.length === 3");
    first.close();
    door.open(true);
    Page second = open("ann", false);
    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls calls = BrowserStage.shared().calls(http, "bob");
      assertEquals(List.of(1, 2, 3, 4), log(calls, 4));
      publish(second, 5, 5);
      second.waitForFunction("() => queue.pending.length === 0");
      assertEquals(List.of(1, 2, 3, 4, 5), log(calls));
    }
    Page third = open("ann", false);
    assertEquals(0, third.evaluate("() => queue.pending.length"), "nothing is left");
  }

  @Test
  void aPageThatLivesKeepsItsOwnAndAnotherUserGetsNothing() {
    Page living = open("ann", true);
    publish(living, 1, 2);
    living.waitForFunction("() => queue.pending.length === 2");
    Page other = open("ann", false);
    Page stranger = open("bob", false);
    publish(other, 3, 3);
    other.waitForFunction("() => queue.pending.length === 0");
    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls calls = BrowserStage.shared().calls(http, "bob");
      assertEquals(List.of(3), log(calls));
      living.close();
      assertEquals(List.of(3, 1, 2), log(calls, 3));
    }
    assertEquals(0, stranger.evaluate("() => queue.pending.length"));
  }

  @Test
  void whatIsRefusedIsToldAndForgotten() {
    Page left = open("ann", true);
    left.evaluate("() => { queue.publish('carillon:no', 'note', 1).catch(() => {}); }");
    left.waitForFunction("() => queue.pending.length === 1");
    left.close();
    Page next = open("ann", false);
    next.waitForFunction("() => failed.length === 1");
    assertEquals(List.of(List.of(1, "forbidden")), next.evaluate("() => failed"));
    assertEquals(
        "forbidden",
        next.evaluate("() => queue.publish('carillon:no', 'note', 2).catch(({ code }) => code)"));
    next.close();
    Page last = open("ann", false);
    assertEquals(0, last.evaluate("() => queue.pending.length"));
    assertEquals(List.of(), last.evaluate("() => failed"));
  }
}
