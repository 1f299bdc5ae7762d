package io.carillon.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import io.carillon.kit.Cluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Pages of another origin than the server's, which gives them nothing but their files: one that is
 * in {@code carillon.allowed.origins}, and the same page under a name that is not.
 */
final class OtherOriginIT {
  private static FrontDoor pages;
  private static FrontDoor server;
  private static Cluster cluster;

  private Visitor ann;

  @BeforeAll
  static void anotherOrigin(@TempDir Path folder) throws Exception {
    Browsers.chromium();
    pages = new FrontDoor(List.of());
    Path page = folder.resolve("index.html");
    Files.writeString(page, "<!doctype html><title>Elsewhere</title>");
    pages.serve("/", page);
    pages.serve("/carillon.js", Path.of("target/client/carillon.js"));
    cluster = Cluster.start(1, Map.of("CARILLON_ALLOWED_ORIGINS", pages.origin()));
    server = new FrontDoor(List.of(cluster.server(0).port()));
  }

  @AfterAll
  static void end() {
    for (AutoCloseable each : new AutoCloseable[] {server, cluster, pages}) {
      try {
        if (each != null) {
          each.close();
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @BeforeEach
  void visitor() {
    ann = new Visitor(pages, "ann");
    open(pages.origin());
  }

  @AfterEach
  void leave() {
    ann.close();
  }

  private void open(String origin) {
    ann.page().navigate(origin + "/");
    ann.page().evaluate("server => { window.server = server; }", server.origin());
    ann.page()
        .evaluate(
            """
            () => {
              window.call = (method, path, token, body, more) =>
                fetch(server + path, {
                  method,
                  headers: {
                    ...(token && { Authorization: `Bearer ${token}` }),
                    ...(body && { 'Content-Type': 'application/json' }),
                  },
                  body: body && JSON.stringify(body),
                  ...more,
                });
              window.demo = async (user, admin) =>
                (await (await call('POST', '/api/demo/token', '', { user, admin })).json()).token;
              window.outcome = (answer) => answer.then(({ status }) => status, ({ name }) => name);
            }
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "sse", "poll"})
  void theClientWorksWithATokenOverEachTransport(String transport) {
    Page page = ann.page();
    page.evaluate(
        """
        async ([transport, name]) => {
          const { Carillon } = await import('/carillon.js');
          window.carillon = new Carillon(server, {
            transports: [transport],
            token: () => demo('ann'),
          });
          window.seen = [];
          const room = carillon.room(name);
          room.on('message', ({ data }) => seen.push(data));
          await room.join();
          await room.presence.track({ from: location.origin });
          for (let i = 1; i <= 5; i++) await room.publish('tick', i);
          await carillon.room(name).history().next();
        }
        """,
        List.of(transport, "cors:" + transport));
    server.cut();
    page.evaluate("name => carillon.room(name).publish('tick', 6)", "cors:" + transport);
    page.waitForFunction("() => seen.length >= 6");
    assertEquals(IntStream.rangeClosed(1, 6).boxed().toList(), page.evaluate("() => seen"));
    assertEquals(transport, page.evaluate("() => carillon.status.transport"));
    assertEquals(List.of(), ann.context().cookies(), "it needs none");
  }

  @Test
  void aBareEventSourceComesBackWithItsTicket() {
    Page page = ann.page();
    page.evaluate(
        """
        async () => {
          window.token = await demo('ann');
          window.seen = [];
          window.opened = 0;
          const { ticket } = await (await call('POST', '/api/tickets', token)).json();
          const source = new EventSource(`${server}/api/rooms/cors:bare/events?ticket=${ticket}`);
          source.addEventListener('tick', (e) => seen.push(JSON.parse(e.data).data));
          source.addEventListener('carillon:joined', () => opened++);
        }
        """);
    for (int i = 1; i <= 3; i++) {
      page.waitForFunction("times => opened >= times", i);
      page.evaluate(
          "data => call('POST', '/api/rooms/cors:bare/events', token, { name: 'tick', data })", i);
      page.waitForFunction("times => seen.length >= times", i);
      server.cut();
    }
    page.waitForFunction("() => opened >= 4");
    assertEquals(List.of(1, 2, 3), page.evaluate("() => seen"));
  }

  @Test
  void headersOfOursCanBeReadAndRefusalsToo() {
    Object read =
        ann.page()
            .evaluate(
                """
                async () => {
                  const refused = await call('GET', '/api/rooms/cors:x/events', 'bad');
                  const { code } = await refused.json();
                  return [refused.status, code, refused.headers.get('WWW-Authenticate')];
                }
                """);
    assertEquals(List.of(401, "unauthenticated", "Bearer realm=\"carillon\""), read);
  }

  @Test
  void cookiesAreNotLetInUnlessThatIsSet() {
    String include =
        "async () => outcome(call('POST', '/api/tickets', await demo('ann'), null, "
            + "{ credentials: 'include' }))";
    assertEquals("TypeError", ann.page().evaluate(include));
    String polls =
        "more => outcome(call('GET', '/socket.io/?EIO=4&transport=polling', '', null, more))";
    assertEquals(200, ann.page().evaluate(polls, Map.of()));
    assertEquals("TypeError", ann.page().evaluate(polls, Map.of("credentials", "include")));
  }

  @Test
  void whatIsForOperatorsIsNotForPagesOfOtherOrigins() {
    for (String path : List.of("/api/admin/instances", "/api/apps", "/api/namespaces/x")) {
      assertEquals(
          "TypeError",
          ann.page()
              .evaluate("async path => outcome(call('GET', path, await demo('olga', true)))", path),
          path);
    }
  }

  /** The same page by another name: nothing of any answer reaches it. */
  @Test
  void aPageOfAnOriginThatIsNotListedGetsNothing() {
    open(pages.origin().replace("127.0.0.1", "localhost"));
    assertEquals("TypeError", ann.page().evaluate("() => outcome(demo('ann'))"));
    assertEquals(
        "TypeError",
        ann.page().evaluate("() => outcome(call('GET', '/api/rooms/cors:x/events', 'token'))"));
    ann.page()
        .evaluate(
            """
            () => new Promise((resolve) => {
              new EventSource(`${server}/api/rooms/cors:x/events`).onerror = resolve;
            })
            """);
    assertTrue(ann.complaints().stream().anyMatch(each -> each.contains("CORS")), "told why");
  }
}
