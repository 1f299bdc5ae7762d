package io.carillon.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import io.carillon.kit.client.Calls;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three tabs of one browser on one connection, {@code carillon-client/shared}: the tab that holds
 * it ends in the middle of 300 events.
 */
final class SharedIT {
  private static final int EVENTS = 300;
  private static final int OWN = 20;

  private final String room = "shared:" + UUID.randomUUID();
  private final FrontDoor door = BrowserStage.shared().door(0);
  private Visitor ann;

  @BeforeAll
  static void aBrowser() {
    Browsers.chromium();
  }

  @BeforeEach
  void visitor() {
    door.serve("/tabs/", Path.of("src/test/resources/browser/shared.html"));
    for (String part : List.of("", "-calls", "-hub", "-tunnel", "-world")) {
      String file = "shared" + part + ".js";
      door.serve("/shared/" + file, Path.of("target/npm", file));
    }
    ann = Visitor.signedIn(door, "ann");
  }

  @AfterEach
  void leave() {
    ann.close();
  }

  private List<Page> open(int tabs) {
    List<Page> pages = new ArrayList<>();
    for (int i = 0; i < tabs; i++) {
      Page page = ann.context().newPage();
      page.navigate(door.origin() + "/tabs/#ann/" + room);
      page.waitForFunction("() => window.carillon?.status.state === 'live' && room.cursor");
      pages.add(page);
    }
    return pages;
  }

  private static boolean leads(Page page) {
    return (boolean) page.evaluate("() => carillon.leads");
  }

  private int sockets() {
    return door.requests("/ws").size();
  }

  /** A tab has heard so many, in the order of the room, each once. */
  private static List<?> heard(Page page, int events) {
    page.waitForFunction("n => seen.length >= n", events);
    return (List<?>) page.evaluate("() => seen");
  }

  @ParameterizedTest
  @ValueSource(strings = {"closed", "crashed"})
  void theTabWithTheConnectionEnds(String how) {
    int before = sockets();
    List<Page> tabs = open(3);
    assertEquals(1, sockets() - before, "one socket for all");
    assertEquals(1, tabs.stream().filter(SharedIT::leads).count());
    Page first = tabs.stream().filter(SharedIT::leads).findFirst().orElseThrow();
    List<Page> rest = tabs.stream().filter(tab -> !tab.equals(first)).toList();
    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls bob = BrowserStage.shared().calls(http, "bob");
      publish(bob, 1, EVENTS / 2);
      rest.forEach(SharedIT::publishOwn);
      Thread publisher = Thread.ofVirtual().start(() -> publish(bob, EVENTS / 2 + 1, EVENTS));
      end(first, how);
      join(publisher);
      rest.forEach(tab -> assertEquals(true, tab.evaluate("own")));
      int all = EVENTS + 2 * OWN;
      List<?> log = log(bob);
      assertEquals(all, log.size(), "each is there once");
      assertEquals(
          IntStream.rangeClosed(1, EVENTS).boxed().toList(),
          log.stream().filter(data -> (int) data > 0).toList());
      rest.forEach(tab -> assertEquals(log, heard(tab, all)));
      assertEquals(1, rest.stream().filter(SharedIT::leads).count());
      assertEquals(2, sockets() - before, "and one more after it");
      // One person, one connection, as soon as that of the tab that has gone is forgotten.
      rest.getFirst()
          .waitForFunction(
              "async () => (await room.members()).members"
                  + ".map(m => `${m.user} ${m.connections}`).join() === 'ann 1'");
    }
  }

  @Test
  void whatIsSaidInOneTabIsHeardInTheOthersAndByTheServerOnce() {
    List<Page> tabs = open(2);
    Page late = open(1).getFirst();
    tabs.forEach(SharedIT::publishOwn);
    tabs.forEach(tab -> assertEquals(true, tab.evaluate("own")));
    late.evaluate("() => { room.on('signal:poke', ({ data }) => (window.poked = data)); }");
    tabs.getLast().evaluate("() => room.signal('poke', 7)");
    late.waitForFunction("() => window.poked === 7");
    try (HttpClient http = HttpClient.newHttpClient()) {
      List<?> log = log(BrowserStage.shared().calls(http, "bob"));
      assertEquals(2 * OWN, log.size());
      assertEquals(log, heard(late, 2 * OWN));
    }
    assertEquals(
        OWN,
        late.evaluate("async n => (await room.page({ last: n })).events.length", OWN),
        "history, too");
  }

  /** Publishes numbers below zero, which nobody else does. */
  private static void publishOwn(Page page) {
    page.evaluate(
        """
        n => {
          const all = Array.from({ length: n }, (_, i) => room.publish('own', -1 - i));
          window.own = Promise.all(all).then(() => true);
        }
        """,
        OWN);
  }

  private void publish(Calls calls, int from, int to) {
    IntStream.rangeClosed(from, to).forEach(i -> calls.publish(room, "tick", Integer.toString(i)));
  }

  private List<Object> log(Calls calls) {
    return calls.page("/api/rooms/" + room + "/events?limit=1000").getJsonArray("events").stream()
        .map(event -> (Object) event.asJsonObject().getInt("data"))
        .toList();
  }

  private static void end(Page page, String how) {
    if (how.equals("closed")) {
      page.close();
    } else {
      try {
        page.navigate("chrome://crash");
        throw new AssertionError("it lives");
      } catch (PlaywrightException crashed) {
        assertTrue(crashed.getMessage().contains("crash"), crashed::getMessage);
      }
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
