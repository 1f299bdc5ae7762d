package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import io.carillon.kit.client.Calls;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Who comes here for the first time: the first page, the bell of every page, and a wrong address.
 */
final class FirstPageIT extends TwoVisitors {
  /** How long the first server is up, which is another text each second. */
  private static final String UP = "#instances tr:first-child td:nth-of-type(2)";

  @Test
  void twoPeopleOnTheFirstPageAndALineThatIsCut() {
    ann.page().navigate(ann.door().origin() + "/?as=ann");
    Locator people = ann.find("#duet-people > section[data-state=live]");
    assertThat(people).hasCount(2);
    Locator me = people.nth(0);
    say(me, "hello");
    assertThat(people.nth(1).locator("[data-seq]")).containsText("hello");
    assertThat(ann.find("#duet-count")).containsText("1 message stored, 0 lost, 0 doubled.");
    ann.find("#duet-people > section").nth(1).getByText("Cut the line").click();
    Locator cut = ann.find("#duet-people > section:not([data-state=live])");
    assertThat(cut).hasCount(1);
    say(cut, "from a tunnel");
    assertThat(cut.locator(".pending")).containsText("from a tunnel on the way");
    assertThat(ann.find("#duet-count")).containsText("some are on the way");
  }

  private static void say(Locator person, String text) {
    person.locator("input").fill(text);
    person.locator("input").press("Enter");
  }

  @Test
  void theFirstPageLeadsToTheDocumentation() {
    Page page = ann.page();
    page.navigate(ann.door().origin() + "/");
    ann.find(".doorway").getByText("JavaScript client").click();
    assertThat(ann.find("h1")).hasText("The JavaScript client");
    assertThat(ann.find("pre").first()).containsText("<!doctype html>");
    ann.find("#text a").getByText("Optimistic changes").first().click();
    assertThat(ann.find("#optimistic-changes")).isFocused();
    assertThat(ann.find("#text table")).not().hasCount(0);
    ann.find("#text a").getByText("the wire").first().click();
    assertThat(ann.find("h1")).not().hasText("The JavaScript client");
    assertThat(ann.find(".pages [aria-current]")).hasText("The wire");
  }

  @Test
  void theBellRingsOnEveryPage() {
    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls shop = stage.calls(http, "shop");
      int unread = 0;
      for (String path : List.of("", "chat/", "together/", "dashboard/")) {
        ann.page().navigate(ann.door().origin() + "/" + path + "?as=nann");
        assertThat(ann.find(unread == 0 ? "#bell-count[hidden]" : "#bell-count:not([hidden])"))
            .hasCount(1);
        assertThat(ann.find("#bell[data-counted=true]")).hasCount(1);
        shop.publish("notify:nann", "notification", "{\"title\":\"Shipped " + path + "\"}");
        unread++;
        assertThat(ann.find("#bell-count")).hasText(String.valueOf(unread));
        assertThat(ann.find("#bell-words")).hasText("Notifications, " + unread + " unread");
        assertThat(ann.find("#toast")).hasText("Shipped " + path);
      }
    }
    ann.find("#bell").click();
    assertThat(ann.find("h1")).hasText("Notifications");
    assertThat(ann.find("#me-name")).hasText("nann");
    assertThat(ann.find("#inbox .title")).hasCount(4);
  }

  @Test
  void aWrongAddressLeadsOn() {
    Response answer = ann.page().navigate(ann.door().origin() + "/nope/deeper?x=1");
    assertEquals(404, answer.status());
    assertThat(ann.find("h1")).hasText("There is no page here");
    assertTrue(
        (Boolean)
            ann.page().evaluate("() => document.querySelector('.brand img').naturalWidth > 0"),
        "its pictures and styles are found");
    ann.find("main a").click();
    assertThat(ann.find("#duet")).isVisible();
    assertEquals(1, ann.forgive("status of 404"));
  }

  /** The servers tell where they are reached; here these are not the addresses of the pages. */
  @Test
  void eachInstanceIsALinkAndASecondPersonComesByOneOfThem() {
    ann.page().navigate(ann.door().origin() + "/?as=ann");
    Locator links = ann.find("#instances tr[data-state=live] th a");
    assertThat(links).hasCount(2);
    Set<String> servers = new TreeSet<>();
    for (Locator link : links.all()) {
      servers.add(link.getAttribute("href"));
    }
    assertEquals(
        Set.of(stage.server(0).uri("/").toString(), stage.server(1).uri("/").toString()), servers);
    ann.open("chat#second");
    Locator second = ann.find("a[data-else]");
    assertThat(second).hasAttribute("href", Pattern.compile("^" + ann.door().origin() + "/chat/"));
    second.focus();
    assertThat(second)
        .hasAttribute(
            "href",
            Pattern.compile(
                "^(" + String.join("|", servers) + ")chat/\\?as=[a-z]+-[a-z]+#second$"));
  }

  /** All that changes within a second is drawn together, and what is out of sight is not. */
  @Test
  void chartsOutOfSightAreNotDrawn() {
    Page page = ann.page();
    page.setViewportSize(1280, 500);
    ann.open("dashboard");
    assertThat(ann.find("#instances tr[data-state=live]")).hasCount(2);
    page.evaluate(
        """
        () => {
          window.drawn = [];
          addEventListener('drawn', ({ target }) => window.drawn.push([target.id, performance.now()]));
          window.scrollTo(0, 0);
        }
        """);
    for (int i = 0; i < 2; i++) {
      String up = ann.find(UP).textContent();
      assertThat(ann.find(UP)).not().hasText(up);
    }
    assertEquals(
        List.of(),
        page.evaluate(
            "() => window.drawn.map(([id]) => id).filter((id) => id !== 'chart-takings')"));
    page.evaluate("() => { window.drawn = []; window.scrollTo(0, document.body.scrollHeight); }");
    page.waitForCondition(
        () ->
            (Boolean)
                page.evaluate(
                    "() => window.drawn.filter(([id]) => id === 'chart-roundtrip').length >= 3"));
    double least =
        ((Number)
                page.evaluate(
                    """
                    () => {
                      const times = window.drawn.filter(([id]) => id === 'chart-roundtrip').map(([, at]) => at);
                      return Math.min(...times.slice(1).map((at, i) => at - times[i]));
                    }
                    """))
            .doubleValue();
    assertTrue(least > 500, "drawn again after " + least + " ms");
  }
}
