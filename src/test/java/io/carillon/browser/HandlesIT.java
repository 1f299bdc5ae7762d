package io.carillon.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.RequestOptions;
import io.carillon.kit.client.Calls;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three components of one page share a room, each with a beginning of its own, mounted as React's
 * StrictMode does it: run, cleaned up and run again in one turn. The connection is cut in between.
 */
final class HandlesIT {
  private Visitor ann;

  @BeforeAll
  static void aBrowser() {
    Browsers.chromium();
  }

  @BeforeEach
  void visitor() {
    ann = new Visitor(BrowserStage.shared().door(0), "ann");
    ann.page().navigate(ann.door().origin() + "/favicon.svg");
  }

  @AfterEach
  void leave() {
    ann.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"websocket", "sse", "poll"})
  void componentsOfOnePage(String transport) {
    String room = "handles:" + transport;
    Page page = ann.page();
    page.request()
        .post(
            ann.door().origin() + "/api/demo/token",
            RequestOptions.create().setData(Map.of("user", "ann")));
    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls calls = BrowserStage.shared().calls(http, "bob");
      publish(calls, room, 1, 10);
      page.evaluate(
          """
          async ([transport, name]) => {
            const { Carillon } = await import('/carillon.js');
            const carillon = new Carillon(null, { transports: [transport] });
            window.seen = {};
            window.members = async () => (await carillon.room(name).members()).members;
            const strict = (effect) => {
              effect()();
              return effect();
            };
            window.mount = (component, options) =>
              strict(() => {
                const room = carillon.room(name, options);
                seen[component] = [];
                room.on('message', ({ data }) => seen[component].push(data));
                room.presence.track({ component });
                return () => room.leave();
              });
            window.unmount = mount('first', { last: 5 });
            mount('second', { last: 2 });
            mount('third');
            await carillon.room(name).join();
          }
          """,
          List.of(transport, room));
      await(page, "first", 6, 10);
      await(page, "second", 9, 10);
      page.evaluate("() => mount('late', { last: 3 })");
      await(page, "late", 8, 10);
      for (int i = 11; i <= 30; i++) {
        publish(calls, room, i, i);
        if (i % 8 == 3) {
          ann.door().cut();
        }
      }
      await(page, "first", 6, 30);
      await(page, "second", 9, 30);
      await(page, "third", 11, 30);
      await(page, "late", 8, 30);
      assertEquals("ann late", who(page));
      page.evaluate("() => unmount()");
      publish(calls, room, 31, 33);
      await(page, "second", 9, 33);
      await(page, "third", 11, 33);
      await(page, "late", 8, 33);
      await(page, "first", 6, 30);
      assertEquals("ann late", who(page));
    }
  }

  private static void publish(Calls calls, String room, int from, int to) {
    IntStream.rangeClosed(from, to).forEach(i -> calls.publish(room, "tick", Integer.toString(i)));
  }

  /** A component has heard these and nothing else. */
  private static void await(Page page, String component, int from, int to) {
    page.waitForFunction("([name, last]) => seen[name].at(-1) === last", List.of(component, to));
    assertEquals(
        IntStream.rangeClosed(from, to).boxed().toList(),
        page.evaluate("name => seen[name]", component),
        component);
  }

  private static Object who(Page page) {
    return page.evaluate(
        "async () => (await members()).map(m => `${m.user} ${m.state.component}`).join()");
  }
}
