package io.carillon.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.RequestOptions;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.Texts;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Readers that know nothing of Carillon resume in a browser: its own EventSource, and
 * fetch-event-source as its authors publish it. The connection is cut while events go on.
 */
final class PlainClientsIT {
  private static final Path FETCH_EVENT_SOURCE =
      Path.of("src/test/resources/browser/fetch-event-source-2.0.1");

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

  @Test
  void nativeEventSource() {
    ann.page()
        .request()
        .post(
            ann.door().origin() + "/api/demo/token",
            RequestOptions.create().setData(Map.of("user", "ann")));
    ann.page()
        .evaluate(
            """
            () => {
              window.seen = [];
              window.opened = 0;
              const source = new EventSource('/api/rooms/plain:native/events');
              source.addEventListener('tick', (e) => seen.push(JSON.parse(e.data).data));
              source.addEventListener('carillon:joined', () => opened++);
            }
            """);
    resumes("plain:native", 1);
  }

  /**
   * Without a cookie that says who it is: two tickets, redeemed at once, and one cookie for both.
   */
  @Test
  void nativeEventSourcesWithTickets() {
    List<String> tickets;
    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls calls = BrowserStage.shared().calls(http, "ann");
      tickets = List.of(ticket(calls), ticket(calls));
    }
    ann.page()
        .evaluate(
            """
            (tickets) => {
              window.seen = [];
              window.opened = 0;
              window.other = [];
              const [one, two] = tickets.map(
                (ticket) => new EventSource(`/api/rooms/plain:ticket/events?ticket=${ticket}`),
              );
              one.addEventListener('tick', (e) => seen.push(JSON.parse(e.data).data));
              one.addEventListener('carillon:joined', () => opened++);
              two.addEventListener('tick', (e) => other.push(JSON.parse(e.data).data));
              two.addEventListener('carillon:joined', () => opened++);
            }
            """,
            tickets);
    resumes("plain:ticket", 2);
    ann.page().waitForFunction("() => other.length >= 100");
    List<String> names = ann.page().context().cookies().stream().map(c -> c.name).toList();
    assertEquals(List.of("carillon_stream"), names);
  }

  private static String ticket(Calls calls) {
    return Texts.object(calls.send("POST", "/api/tickets", "").body()).getString("ticket");
  }

  @Test
  void fetchEventSource() throws IOException {
    String token;
    try (HttpClient http = HttpClient.newHttpClient()) {
      token = BrowserStage.shared().calls(http, "ann").token();
    }
    ann.page().route("**/library/*", PlainClientsIT::serve);
    ann.page()
        .evaluate(
            """
            async (token) => {
              window.seen = [];
              window.opened = 0;
              const { fetchEventSource } = await import('/library/index');
              fetchEventSource('/api/rooms/plain:fetch/events', {
                headers: { Authorization: `Bearer ${token}` },
                openWhenHidden: true,
                onmessage(message) {
                  if (message.event === 'tick') seen.push(JSON.parse(message.data).data);
                  if (message.event === 'carillon:joined') opened++;
                },
                onerror() {},
              });
            }
            """,
            token);
    resumes("plain:fetch", 1);
  }

  /** Publishes a hundred events and cuts all connections five times among them. */
  private void resumes(String room, int readers) {
    Page page = ann.page();
    page.waitForFunction("readers => opened === readers", readers);
    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls calls = BrowserStage.shared().calls(http, "bob");
      for (int i = 1; i <= 100; i++) {
        calls.publish(room, "tick", Integer.toString(i));
        if (i % 20 == 5) {
          ann.door().cut();
        }
      }
    }
    page.waitForFunction("readers => seen.length >= 100 && opened > readers", readers);
    page.waitForTimeout(500);
    assertEquals(IntStream.rangeClosed(1, 100).boxed().toList(), page.evaluate("() => seen"));
    List<String> requests = ann.door().requests("/api/rooms/" + room + "/events");
    assertTrue(requests.size() > readers, "it came back");
    requests.stream()
        .skip(readers)
        .forEach(
            head ->
                assertTrue(head.toLowerCase(Locale.ROOT).contains("\r\nlast-event-id: "), head));
  }

  /** The library's modules name each other without an ending, as bundlers want it. */
  private static void serve(Route route) {
    String path = route.request().url().replaceAll(".*/", "");
    try {
      route.fulfill(
          new Route.FulfillOptions()
              .setContentType("text/javascript")
              .setBody(Files.readString(FETCH_EVENT_SOURCE.resolve(path + ".js"))));
    } catch (IOException e) {
      route.abort();
    }
  }
}
