package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The first page and every screen but the chat, between two visitors on two servers. */
final class ScreensIT extends TwoVisitors {
  @Test
  void theFirstPageLeadsToAllFour() {
    ann.page().navigate(ann.door().origin() + "/");
    assertThat(ann.find("#status[data-state=live]")).hasCount(1);
    assertThat(ann.find("#instances tr[data-state=live]")).hasCount(2);
    assertThat(ann.find(".doors a"))
        .hasText(new String[] {"Dashboard", "Chat", "Notifications", "Together"});
    for (String screen : List.of("Dashboard", "Chat", "Notifications", "Together")) {
      ann.page().navigate(ann.door().origin() + "/");
      ann.find(".doors a").getByText(screen).click();
      assertThat(ann.find("h1")).hasText(screen);
      ann.awaitLive();
    }
  }

  @Test
  void notifications() throws Exception {
    ann.open("notifications");
    Visitor annElsewhere = visitor(1, "ann");
    annElsewhere.open("notifications");
    assertThat(ann.find("#bell-count")).isHidden();
    assertThat(ann.find("#send-first")).isVisible();
    run(ann.find("#curl").textContent());
    assertThat(ann.find("#inbox .title")).containsText(new String[] {"Hello from curl"});
    try (Connection connection = stage.cluster().database().owner().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(ann.find("#sql").textContent());
    }
    assertThat(ann.find("#bell-count")).hasText("2");
    bob.open("notifications");
    bob.find("#send [name=to]").fill("ann");
    bob.find("#send [name=title]").fill("Hello from Bob");
    bob.find("#send button").click();
    String[] titles = {"Hello from Bob", "Hello from SQL", "Hello from curl"};
    for (Visitor visitor : List.of(ann, annElsewhere)) {
      assertThat(visitor.find("#inbox .title")).containsText(titles);
      assertThat(visitor.find("#bell-count")).hasText("3");
    }
    assertThat(bob.find("#bell-count")).isHidden();

    ann.page().reload();
    assertThat(ann.find("#bell-count")).hasText("3");
    assertThat(ann.find("#inbox .title")).containsText(titles);
    ann.find("#inbox button").nth(1).click();
    assertThat(ann.find("#bell-count")).hasText("2");
    assertThat(annElsewhere.find("#bell-count")).hasText("2");
    ann.page().reload();
    assertThat(ann.find("#bell-count")).hasText("2");
    ann.find("#only-unread").check();
    assertThat(ann.find("#inbox .title"))
        .containsText(new String[] {"Hello from Bob", "Hello from curl"});
    annElsewhere.find("#read-all").click();
    assertThat(annElsewhere.find("#bell-count")).isHidden();
    assertThat(ann.find("#bell-count")).isHidden();
    assertThat(ann.find("#empty")).hasText("Everything is read.");
  }

  @Test
  void together() {
    ann.open("together#shared");
    bob.open("together#shared");
    assertThat(ann.find("#people li")).hasText(new String[] {"ann (you)", "bob"});
    ann.find("#add-text").fill("Tune the tenor");
    ann.find("#add-text").press("Enter");
    assertThat(bob.find("[data-column=todo] .card-text")).hasText("Tune the tenor");

    bob.find(".note").hover();
    bob.find(".note [aria-label='Move right']").click();
    assertThat(ann.find("[data-column=doing] .card-text")).hasText("Tune the tenor");
    ann.find(".card-text").click();
    assertThat(bob.find(".editors")).hasText("ann writing …");
    ann.find(".writing textarea").fill("Tune the tenor bell");
    ann.find(".writing textarea").press("Enter");
    assertThat(bob.find(".card-text")).hasText("Tune the tenor bell");
    assertThat(bob.find(".editors")).hasText("");
    assertThat(ann.find("#pending")).hasText("");

    ann.page().mouse().move(300, 400);
    ann.page().mouse().move(500, 420);
    assertThat(bob.find(".cursor[data-by=ann]")).hasCount(1);
    assertThat(ann.find(".cursor[data-by=ann]")).hasCount(0);

    bob.find(".note").hover();
    bob.find(".note [aria-label=Remove]").click();
    assertThat(ann.find(".note")).hasCount(0);
    bob.close();
    // A member who was cut off is kept for a while, for most come back.
    assertThat(ann.find("#people li"))
        .hasText(new String[] {"ann (you)"}, new HasTextOptions().setTimeout(20_000));
    assertThat(ann.find(".cursor")).hasCount(0);
  }

  @Test
  void dashboard() {
    ann.open("dashboard");
    bob.open("dashboard");
    for (Visitor visitor : List.of(ann, bob)) {
      assertThat(visitor.find("#instances tr[data-state=live]")).hasCount(2);
      assertThat(visitor.find("#orders")).hasText("0");
    }
    ann.find("#no-order button").click();
    assertThat(ann.find("#latest th")).hasText("#1");
    ann.find("#order").click();
    for (Visitor visitor : List.of(ann, bob)) {
      assertThat(visitor.find("#orders")).hasText("2");
      assertThat(visitor.find("#waiting")).hasText("2");
      assertThat(visitor.find("#pace")).hasText("2");
    }
    bob.find("#latest button").first().click();
    assertThat(ann.find("#waiting")).hasText("1");
    assertThat(ann.find("#latest [data-state=live]")).hasText("shipped");
    assertEquals(ann.texts("#takings"), bob.texts("#takings"));
  }

  @Test
  void whereDemoModeIsOffTheScreensSaySo() {
    ann.page().route("**/api/demo/token", route -> route.fulfill(notFound()));
    for (String screen : List.of("dashboard", "chat", "notifications", "together")) {
      ann.page().navigate(ann.door().origin() + "/" + screen + "/");
      assertThat(ann.find("#closed h2")).hasText("Demo mode is off");
      assertThat(ann.find("#screen")).isHidden();
      assertThat(ann.find("#link[data-state=closed]")).hasCount(1);
    }
    assertEquals(4, ann.forgive("status of 404"));
  }

  static Route.FulfillOptions notFound() {
    return new Route.FulfillOptions().setStatus(404).setBody("{}");
  }

  @Test
  void aNameOfOnesOwnChoice() {
    Page page = ann.page();
    page.navigate(ann.door().origin() + "/chat/#names");
    ann.awaitLive();
    ann.find("#me").click();
    ann.find("dialog[open] input").fill("Quasimodo");
    ann.find("dialog[open] button[value=save]").click();
    assertThat(ann.find("#me-name")).hasText("Quasimodo");
    assertThat(ann.find("#people li b")).hasText(new String[] {"Quasimodo"});
    page.navigate(ann.door().origin() + "/together/#names");
    assertThat(ann.find("#people li")).hasText(new String[] {"Quasimodo (you)"});
  }

  /** Runs what the page tells its visitors to run. */
  private static void run(String commands) throws Exception {
    Process shell =
        new ProcessBuilder("sh", "-e", "-c", commands).redirectErrorStream(true).start();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(shell.waitFor(20, TimeUnit.SECONDS), output);
    assertEquals(0, shell.exitValue(), output);
  }
}
