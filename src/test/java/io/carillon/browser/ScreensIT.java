package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import com.microsoft.playwright.options.LoadState;
import io.carillon.kit.client.Calls;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every screen does its work between two visitors on two servers, and no browser complains: of an
 * error, or of a breach of the content security policy.
 */
final class ScreensIT {
  private Visitor ann;
  private Visitor bob;

  @BeforeEach
  void twoVisitors() {
    Browsers.chromium();
    ann = new Visitor(Stage.shared().door(0), "ann");
    bob = new Visitor(Stage.shared().door(1), "bob");
  }

  @AfterEach
  void nobodyComplains() {
    try (Visitor first = ann;
        Visitor second = bob) {
      assertEquals(List.of(), first.complaints());
      assertEquals(List.of(), second.complaints());
    }
  }

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
  void chat() {
    ann.open("chat#talk");
    bob.open("chat#talk");
    assertThat(ann.find("#people li b")).hasText(new String[] {"ann", "bob"});
    assertThat(bob.find("#people li b")).hasText(new String[] {"ann", "bob"});

    ann.find("#text").pressSequentially("Hel");
    assertThat(bob.find("#typing")).hasText("ann is typing …");
    ann.find("#text").fill("Hello <img src=x onerror=alert(1)>");
    ann.find("#text").press("Enter");
    assertThat(bob.find(".message .text"))
        .hasText(new String[] {"Hello <img src=x onerror=alert(1)>"});
    assertThat(bob.find("#typing")).hasText("");
    bob.find("#text").fill("Hello Ann");
    bob.find("#text").press("Enter");
    for (Visitor visitor : List.of(ann, bob)) {
      assertThat(visitor.find(".message .text"))
          .hasText(new String[] {"Hello <img src=x onerror=alert(1)>", "Hello Ann"});
      assertThat(visitor.find(".message.pending")).hasCount(0);
    }

    bob.find("#mood").selectOption("busy");
    assertThat(ann.find("#people [data-user=bob][data-mood=busy]")).hasCount(1);

    bob.find("#rooms [data-room='chat:kitchen']").click();
    assertThat(ann.find("#people li b")).hasText(new String[] {"ann"});
    ann.find("#text").fill("Bob?");
    ann.find("#text").press("Enter");
    ann.find("#text").fill("Are you there?");
    ann.find("#text").press("Enter");
    Locator unread = bob.find("#rooms [data-room='chat:talk'] .count");
    assertThat(unread).hasText("2");
    assertThat(bob.page()).hasTitle("(2) Chat · Carillon");
    bob.page().reload();
    assertThat(unread).hasText("2");
    bob.page().bringToFront();
    bob.find("#rooms [data-room='chat:talk']").click();
    assertThat(unread).isHidden();
    assertThat(bob.find(".message .text, #messages .new"))
        .hasText(
            new String[] {
              "Hello <img src=x onerror=alert(1)>", "Hello Ann", "New", "Bob?", "Are you there?"
            });
  }

  /** A state that is chosen while the room is still being joined is told too. */
  @Test
  void aMoodChosenAtOnce() {
    ann.open("chat#mood");
    bob.page().navigate(bob.door().origin() + "/chat/?as=bob#mood");
    bob.find("#mood").selectOption("busy");
    assertThat(ann.find("#people [data-user=bob][data-mood=busy]")).hasCount(1);
  }

  @Test
  void chatScrollsBackToTheBeginning() {
    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls calls = Stage.shared().calls(http, "carol");
      for (int i = 1; i <= 130; i++) {
        calls.publish("chat:long", "message", "{\"text\":\"line " + i + "\"}");
      }
    }
    ann.open("chat#long");
    assertThat(ann.find(".message .text").last()).hasText("line 130");
    assertTrue(ann.texts(".message .text").size() < 100, "it begins with the newest");
    Locator beginning = ann.find("#beginning");
    for (int i = 0; i < 10 && !beginning.isVisible(); i++) {
      ann.find("#log").evaluate("log => log.scrollTo(0, 0)");
      ann.page().waitForTimeout(300);
    }
    assertThat(beginning).isVisible();
    assertEquals(
        IntStream.rangeClosed(1, 130).mapToObj(i -> "line " + i).toList(),
        ann.texts(".message .text"));
  }

  @Test
  void notifications() throws Exception {
    ann.open("notifications");
    Visitor annElsewhere = new Visitor(Stage.shared().door(1), "ann");
    try (annElsewhere) {
      annElsewhere.open("notifications");
      assertThat(ann.find("#bell-count")).isHidden();
      run(ann.find("#curl").textContent());
      assertThat(ann.find("#inbox .title")).containsText(new String[] {"Hello from curl"});
      try (Connection connection = Stage.shared().cluster().database().owner().getConnection();
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
      assertEquals(List.of(), annElsewhere.complaints());
    }
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
    ann.find("#order").click();
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
  void aBreakShowsItselfAndItsEnd() {
    ann.open("chat#broken");
    ann.find("#break").click();
    assertThat(ann.find("#link[data-state=reconnecting]")).hasCount(1);
    assertThat(ann.find("#break")).isDisabled();
    ann.find("#text").fill("written in the dark");
    ann.find("#text").press("Enter");
    assertThat(ann.find(".message.pending .fate span")).hasText("sending …");
    ann.page().waitForLoadState(LoadState.LOAD);
    assertThat(ann.find(".message:not(.pending) .text"))
        .hasText("written in the dark", new HasTextOptions().setTimeout(20_000));
    assertThat(ann.find(".message.pending")).hasCount(0);
    ann.awaitLive();
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

  /** Not a bound, a figure: how long it takes until something new shows, page and all. */
  @Test
  void theFirstLiveEventAfterAPageIsLoaded() throws Exception {
    String script =
        """
        new MutationObserver(() => {
          const shown = [...document.querySelectorAll('.message:not(.pending) .text')]
            .some((text) => Number(text.textContent) > performance.timeOrigin);
          if (shown) window.first ??= performance.now();
        }).observe(document, { childList: true, subtree: true });
        """;
    ann.page().addInitScript(script);
    AtomicBoolean over = new AtomicBoolean();
    Thread publisher = Thread.ofVirtual().start(() -> publishUntil(over));
    List<Double> figures = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        ann.page().navigate("about:blank");
        ann.open("chat#first");
        figures.add(firstShown());
      }
    } finally {
      over.set(true);
      publisher.join();
    }
    System.out.println("ms from the page's load to its first live event, five times: " + figures);
    assertEquals(5, figures.size());
  }

  /** Asked from here: a page with our policy lets nobody poll in it. */
  private double firstShown() {
    for (int i = 0; i < 150; i++) {
      if (ann.page().evaluate("() => window.first ?? null") instanceof Number first) {
        return first.doubleValue();
      }
      ann.page().waitForTimeout(100);
    }
    throw new AssertionError("nothing new was shown within 15 s");
  }

  private static void publishUntil(AtomicBoolean over) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls calls = Stage.shared().calls(http, "carol");
      while (!over.get()) {
        long now = Instant.now().toEpochMilli();
        calls.publish("chat:first", "message", "{\"text\":\"" + now + "\"}");
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Route.FulfillOptions notFound() {
    return new Route.FulfillOptions().setStatus(404).setBody("{}");
  }

  @Test
  void aNameOfOnesOwnChoice() {
    Page page = ann.page();
    page.navigate(ann.door().origin() + "/chat/#names");
    ann.awaitLive();
    ann.find("#me").click();
    ann.find("dialog input").fill("Quasimodo");
    ann.find("dialog button[value=save]").click();
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
