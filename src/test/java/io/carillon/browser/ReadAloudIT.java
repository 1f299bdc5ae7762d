package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.carillon.browser.Chat.SHOWN;
import static io.carillon.browser.Chat.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import io.carillon.kit.client.Calls;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people hear who do not see the page, and where those are who use no mouse. */
final class ReadAloudIT extends BrokenNetwork {
  @Test
  void theChatIsReadAloudOnce() {
    history("heard", 60);
    ann.open("chat#heard");
    bob.open("chat#heard");
    assertThat(ann.find(SHOWN).last()).hasText("line 60");
    Locator said = ann.find("#said p");
    assertThat(said).hasCount(0);
    // A list is a list, and says nothing by itself.
    assertThat(ann.find("ol#messages:not([role]):not([aria-live])")).hasCount(1);

    say(ann, "from me");
    assertThat(ann.find(SHOWN).last()).hasText("from me");
    say(bob, "from Bob");
    assertThat(said).hasText(new String[] {"bob: from Bob"});

    ann.page()
        .evaluate(
            """
            () => {
              window.heard = [];
              const place = document.querySelector('#link [role=status]');
              new MutationObserver(() => window.heard.push(place.textContent))
                .observe(place, { childList: true, subtree: true, characterData: true });
            }
            """);
    ann.find("#break").click();
    assertThat(ann.find("#link[data-stale=true]")).hasCount(1);
    assertThat(ann.find(".stale-note")).isVisible();
    say(bob, "meanwhile");
    assertThat(ann.find(SHOWN).last()).hasText("meanwhile", patient());
    ann.awaitLive();
    assertEquals(
        List.of("connection lost", "connected again"), ann.page().evaluate("() => window.heard"));
    assertThat(said).hasText(new String[] {"bob: from Bob", "bob: meanwhile"});
    assertThat(ann.find(".stale-note")).isHidden();
  }

  private static HasTextOptions patient() {
    return new HasTextOptions().setTimeout(LONG_MS);
  }

  @Test
  void theReaderStaysWhereTheyAre() {
    history("place", 130);
    ann.open("chat#place");
    assertThat(ann.find(SHOWN).last()).hasText("line 130");
    ann.find("#log").focus();
    ann.page().keyboard().press("Tab");
    assertThat(ann.find("#text")).isFocused();
    assertTrue(fromEnd() < 60, "moved by the focus: " + fromEnd());
    ann.find("#log").evaluate("log => log.scrollTo(0, log.scrollHeight - log.clientHeight - 600)");
    assertTrue(fromEnd() > 300, "scrolled up: " + fromEnd());
    say(ann, "my own");
    assertThat(ann.find(SHOWN).last()).hasText("my own");
    ann.page().waitForCondition(() -> fromEnd() < 60);
  }

  private double fromEnd() {
    return ((Number)
            ann.find("#log").evaluate("log => log.scrollHeight - log.clientHeight - log.scrollTop"))
        .doubleValue();
  }

  @Test
  void daysHaveNames() {
    history("days", 1);
    try (HttpClient http = HttpClient.newHttpClient()) {
      stage
          .calls(http, "shop")
          .publish("notify:dora", "notification", "{\"title\":\"Two days ago\"}");
    }
    Visitor dora = visitor(0, "dora");
    dora.page().clock().setFixedTime(Instant.now().plus(Duration.ofDays(1)).toEpochMilli());
    dora.open("chat#days");
    assertThat(dora.find("#messages .day")).hasText(new String[] {"Yesterday"});
    assertTrue(
        dora.find(".message time").getAttribute("title").matches(".*\\d{4}.*"), "no whole date");
    dora.open("notifications");
    assertThat(dora.find("#inbox time")).containsText("Yesterday, ");
    dora.page().clock().setFixedTime(Instant.now().toEpochMilli());
    say(dora.open("chat#days"), "now");
    assertThat(dora.find("#messages .day")).hasText(new String[] {"Today"});
  }

  @Test
  void whatIsRemovedFromTheBoardCanBePutBackAndTheFocusStays() {
    ann.open("together#undo");
    bob.open("together#undo");
    assertThat(ann.find(".hint")).hasCount(3);
    for (String card : List.of("rope", "bell")) {
      ann.find("#add-text").fill(card);
      ann.find("#add-text").press("Enter");
    }
    assertThat(bob.find(".card-text")).hasText(new String[] {"rope", "bell"});
    assertThat(ann.find(".hint").first()).isHidden();
    ann.find(".note [aria-label=Remove]").first().focus();
    ann.page().keyboard().press("Enter");
    assertThat(ann.find(".card-text")).hasText(new String[] {"bell"});
    assertThat(ann.find(".card-text")).isFocused();
    assertThat(ann.find("#notice")).containsText("You removed “rope”.");
    // Who had it before their eyes is told, and may put it back too.
    assertThat(bob.find("#notice")).containsText("ann removed “rope”.");
    bob.find("#notice button").click();
    for (Visitor visitor : List.of(ann, bob)) {
      assertThat(visitor.find(".card-text")).hasText(new String[] {"rope", "bell"});
    }
  }

  private void history(String room, int lines) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls calls = stage.calls(http, "carol");
      for (int i = 1; i <= lines; i++) {
        calls.publish("chat:" + room, "message", "{\"text\":\"line " + i + "\"}");
      }
    }
  }
}
