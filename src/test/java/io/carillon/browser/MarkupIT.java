package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.options.AriaRole;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.SocketClient;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/** Markup in everything that somebody else may write: every screen shows it as text. */
final class MarkupIT extends Visitors {
  /** Would be an element wherever it were put in as markup, or out of an attribute. */
  private static final String TEXT = "'><b data-injected=1 title='x' hidden>";

  private static final String WRITER = "<b data-injected>mallory</b>";

  @Test
  void isTextOnEveryScreen() {
    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls writer = stage.calls(http, WRITER);
      publish(writer, "notify:ann", "notification", json("title") + ',' + json("body"));
      publish(
          writer,
          "shop:orders",
          "order.placed",
          json("order") + ',' + json("article") + ",\"pieces\":1,\"total\":9");
      publish(
          writer,
          "together:markup",
          "card.added",
          json("text") + ",\"id\":\"m\",\"column\":\"todo\",\"order\":1");
      publish(writer, "chat:markup", "message", json("text"));
      try (SocketClient member =
          SocketClient.connect(http, stage.server(0).uri("/"), writer.token())) {
        member.join("chat:markup", ",\"presence\":{\"state\":{" + json("typing") + "}}");
        member.join("together:markup", ",\"presence\":{\"state\":{" + json("editing") + "}}");
        shows("notifications/?as=ann", TEXT);
        shows("dashboard/?as=ann", TEXT);
        shows("together/?as=ann#markup", TEXT);
        shows("chat/?as=ann#markup", TEXT);
        shows("chat/?as=ann#markup", WRITER);
        shows("console/?as=ann#connections", WRITER);
        shows("console/?as=ann#room=chat:markup", TEXT);
        shows(
            "console/?as=ann#user="
                + URLEncoder.encode(WRITER, StandardCharsets.UTF_8).replace("+", "%20"),
            WRITER);
        operators(http);
      }
    }
  }

  private void operators(HttpClient http) {
    Calls operator = Calls.operator(http, stage.server(0).uri("/"));
    String path = "/api/admin/bans/markup";
    String until = Instant.now().plus(1, ChronoUnit.MINUTES).toString();
    String ban = json("reason") + ",\"until\":\"" + until + '"';
    assertEquals(200, operator.send("PUT", path, '{' + ban + '}').statusCode());
    shows("console/?as=ann#bans", TEXT);
    shows("console/?as=ann#audit", TEXT);
    assertEquals(204, operator.send("DELETE", path, "").statusCode());
  }

  private static void publish(Calls writer, String room, String name, String fields) {
    writer.publish(room, name, '{' + fields + '}');
  }

  private static String json(String name) {
    return "\"" + name + "\":\"" + TEXT + '"';
  }

  private void shows(String address, String text) {
    ann.page().navigate("about:blank");
    ann.page().navigate(ann.door().origin() + "/" + address);
    ann.awaitShown();
    assertThat(ann.page().getByRole(AriaRole.MAIN)).containsText(text);
    assertThat(ann.find("[data-injected]")).hasCount(0);
  }
}
