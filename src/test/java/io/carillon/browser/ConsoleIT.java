package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.SocketClient;
import java.net.http.HttpClient;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The console in two operators' browsers, each served by an instance of its own. */
final class ConsoleIT extends TwoVisitors {
  private static void open(Visitor operator, String view) {
    operator.page().navigate(operator.door().origin() + "/console/?as=" + operator.name() + view);
    assertThat(operator.find("#status[data-state=live]")).hasCount(1);
  }

  private static Locator rows(Visitor operator) {
    return operator.find("#content tbody tr");
  }

  @Test
  void everyViewShowsWhatIsThere() {
    open(ann, "#instances");
    assertThat(rows(ann)).hasCount(2);
    assertThat(ann.find("#content")).not().containsText("does not answer");
    Set<String> views = new TreeSet<>();
    // Beside the word may stand how many alerts are on.
    ann.texts("#views a").forEach(each -> views.add(each.replaceAll("[\\d\\s]", "")));
    assertEquals(
        Set.of(
            "Alerts",
            "Audit",
            "Bans",
            "Connections",
            "Instances",
            "Limits",
            "Namespaces",
            "Outbox",
            "Rooms"),
        views);
    for (String view : views) {
      ann.find("#views a").getByText(view).click();
      assertThat(ann.find("h1")).hasText(view);
      assertThat(ann.find("#content")).not().hasText("");
      assertThat(ann.find("#status[data-state=live]")).hasCount(1);
    }
  }

  @Test
  void aNamespaceIsChangedAtOnceAndARefusalIsTold() {
    String namespace = "console-" + UUID.randomUUID().toString().substring(0, 8);
    open(ann, "#namespaces");
    ann.find("[data-act='namespace ']").click();
    ann.find("#namespace [name=namespace]").fill(namespace + ":x");
    ann.find("#namespace [value=save]").click();
    assertThat(ann.find("#namespace [name=namespace]:invalid")).isVisible();
    ann.find("#namespace [name=namespace]").fill(namespace);
    ann.find("#namespace [name=dataLimit]").fill("70000");
    ann.find("#namespace [value=save]").click();
    assertThat(ann.find("#namespace [name=dataLimit]:invalid")).isVisible();
    ann.find("#namespace [name=dataLimit]").fill("77");
    ann.find("#namespace [value=save]").click();
    assertThat(ann.find("#answer")).containsText(namespace + " are saved");
    assertThat(ann.find("#content tr:has-text('" + namespace + "')")).containsText("77");

    CompletableFuture<Route> asked = new CompletableFuture<>();
    ann.page().route("**/api/namespaces/*", asked::complete);
    ann.find("[data-act='namespace " + namespace + "']").click();
    assertThat(ann.find("#namespace [name=namespace][readonly]")).hasValue(namespace);
    ann.find("#namespace [name=dataLimit]").fill("99");
    ann.find("#namespace [value=save]").click();
    Locator row = ann.find("#content tr[data-leaving]:has-text('" + namespace + "')");
    assertThat(row).containsText("99");
    ann.page().waitForCondition(asked::isDone);
    asked
        .join()
        .fulfill(
            new Route.FulfillOptions()
                .setStatus(400)
                .setContentType("application/problem+json")
                .setBody("{\"code\":\"bad_data\",\"detail\":\"Ninety-nine is not allowed.\"}"));
    assertThat(ann.find("#namespace-problem"))
        .hasText("The server says: Ninety-nine is not allowed.");
    assertThat(ann.find("#namespace [name=dataLimit]")).hasValue("99");
    ann.find("#namespace [value=cancel]").click();
    assertThat(ann.find("#content tr:not([data-leaving]):has-text('" + namespace + "')"))
        .containsText("77");
    assertEquals(1, ann.forgive("status of 400"));
  }

  /** Of a user that no other test has, for what one did before is remembered. */
  @Test
  void whatAUserDoesIsSeenWhileTheyDoIt() {
    open(ann, "#user=seen-by-operators");
    assertThat(ann.find("h1")).hasText("User seen-by-operators");
    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls dora = stage.calls(http, "seen-by-operators");
      assertThat(ann.find("#content")).containsText("Nothing yet.");
      try (SocketClient socket = SocketClient.connect(http, dora.server(), dora.token())) {
        socket.join("console:dora", "");
        dora.publish("console:dora", "greet", "1");
        assertThat(rows(ann).getByText("published greet as #1")).hasCount(1);
        assertThat(rows(ann).getByText("reads from now on")).hasCount(1);
        assertThat(rows(ann).getByText("opened a connection")).hasCount(1);
      }
      assertThat(rows(ann).getByText("a connection was closed")).hasCount(1);
    }
  }

  @Test
  void aUserIsFoundAndBannedWhileTheOtherOperatorLooks() {
    open(ann, "#connections");
    open(bob, "#bans");
    assertThat(ann.find("#here")).hasText("Also at the console: bob");
    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls mallory = stage.calls(http, "mallory");
      try (SocketClient socket = SocketClient.connect(http, mallory.server(), mallory.token())) {
        socket.join("console:room", "");
        mallory.publish("console:room", "shout", "\"<b>loud</b>\"");
        ann.find(".filters input").first().fill("mallory");
        assertThat(rows(ann)).hasCount(1);
        rows(ann).getByText("mallory").first().click();
        assertThat(ann.find("h1")).hasText("User mallory");
        ann.find("#content a").getByText("console:room").click();
        assertThat(ann.find("h1")).hasText("Room console:room");
        assertThat(ann.find(".facts")).containsText("“shout” by mallory");
        assertThat(ann.find(".plain-list")).containsText("<b>loud</b>");
        mallory.publish("console:room", "shout", "\"again\"");
        assertThat(ann.find(".plain-list li").first()).containsText("again");

        ann.page().goBack();
        ann.find("[data-act='ban mallory']").click();
        ann.find("#ban [name=reason]").fill("too loud");
        ann.find("#ban button").getByText("Ban").first().click();
        assertThat(ann.find("#answer")).hasText("mallory is banned.");
        assertEquals(4504, socket.awaitClose(SocketClient.PATIENCE));
      }
      assertThat(rows(bob).getByText("too loud")).hasCount(1);
      assertThat(ann.find("#content").getByText("kicked (4504)")).hasCount(1);
      bob.find("[data-act='lift mallory']").click();
      assertThat(bob.find("#answer")).hasText("mallory is let in again.");
      assertThat(ann.find(".facts")).containsText("Bannedno");
      open(bob, "#audit");
      assertThat(rows(bob).getByText("ban.lift").first()).isVisible();
    }
  }
}
