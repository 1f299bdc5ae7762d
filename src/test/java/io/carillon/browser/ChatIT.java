package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.carillon.browser.Chat.SHOWN;
import static io.carillon.browser.Chat.numbered;
import static io.carillon.browser.Chat.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import io.carillon.kit.client.Calls;
import java.net.http.HttpClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The chat, between two visitors on two servers. */
final class ChatIT extends TwoVisitors {
  @Test
  void chat() {
    ann.open("chat#talk");
    bob.open("chat#talk");
    assertThat(ann.find("#people li b")).hasText(new String[] {"ann", "bob"});
    assertThat(bob.find("#people li b")).hasText(new String[] {"ann", "bob"});

    ann.find("#text").pressSequentially("Hel");
    assertThat(bob.find("#typing")).hasText("ann is typing …");
    say(ann, "Hello <img src=x onerror=alert(1)>");
    assertThat(bob.find(".message .text"))
        .hasText(new String[] {"Hello <img src=x onerror=alert(1)>"});
    assertThat(bob.find("#typing")).hasText("");
    say(bob, "Hello Ann");
    for (Visitor visitor : List.of(ann, bob)) {
      assertThat(visitor.find(".message .text"))
          .hasText(new String[] {"Hello <img src=x onerror=alert(1)>", "Hello Ann"});
      assertThat(visitor.find(".message.pending")).hasCount(0);
    }

    bob.find("#mood").selectOption("busy");
    assertThat(ann.find("#people [data-user=bob][data-mood=busy]")).hasCount(1);

    bob.find("#rooms [data-room='chat:kitchen']").click();
    assertThat(ann.find("#people li b")).hasText(new String[] {"ann"});
    say(ann, "Bob?");
    say(ann, "Are you there?");
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
      Calls calls = stage.calls(http, "carol");
      for (int i = 1; i <= 130; i++) {
        calls.publish("chat:long", "message", "{\"text\":\"line " + i + "\"}");
      }
    }
    ann.open("chat#long");
    assertThat(ann.find(".message .text").last()).hasText("line 130");
    assertTrue(ann.texts(".message .text").size() < 100, "it begins with the newest");
    Locator beginning = ann.find("#beginning");
    ann.page()
        .waitForCondition(
            () -> {
              ann.find("#log").evaluate("log => log.scrollTo(0, 0)");
              return beginning.isVisible();
            });
    assertEquals(numbered("line", 130), ann.texts(".message .text"));
  }

  @Test
  void aBreakShowsItselfAndItsEnd() {
    ann.open("chat#broken");
    ann.find("#break").click();
    assertThat(ann.find("#link[data-state=reconnecting]")).hasCount(1);
    assertThat(ann.find("#break")).isDisabled();
    say(ann, "written in the dark");
    assertThat(ann.find(".message.pending .fate span")).hasText("sending …");
    assertThat(ann.find(SHOWN))
        .hasText("written in the dark", new HasTextOptions().setTimeout(20_000));
    assertThat(ann.find(".message.pending")).hasCount(0);
    ann.awaitLive();
  }

  /**
   * What is written stays in its room; two tabs of one person agree; an address may be nonsense.
   */
  @Test
  void draftsTabsAndAddresses() {
    ann.open("chat#here");
    ann.find("#text").fill("half a thought");
    ann.find("#rooms [data-room='chat:kitchen']").click();
    assertThat(ann.find("#text")).hasValue("");
    assertTrue(ann.find("a[data-else]").getAttribute("href").endsWith("#kitchen"));
    ann.find("#rooms [data-room='chat:here']").click();
    assertThat(ann.find("#text")).hasValue("half a thought");
    ann.page().reload();
    assertThat(ann.find("#text")).hasValue("half a thought");

    Page second = ann.context().newPage();
    second.navigate(ann.door().origin() + "/chat/?as=ann#kitchen");
    assertThat(second.locator("#link[data-state=live]")).hasCount(1);
    second.locator("#mood").selectOption("busy");
    assertThat(ann.find("#mood")).hasValue("busy");
    ann.find("#rooms [data-room='chat:kitchen']").click();
    bob.open("chat#here");
    say(bob, "look https://example.org/a?b=c, and <b>");
    assertThat(second.locator("#rooms [data-room='chat:here'] .count")).hasText("1");
    assertThat(ann.find("#rooms [data-room='chat:here'] .count")).hasText("1");
    ann.find("#rooms [data-room='chat:here']").click();
    assertThat(second.locator("#rooms [data-room='chat:here'] .count")).isHidden();
    assertThat(ann.find(".message .text a")).hasText("https://example.org/a?b=c");
    second.close();

    for (String nonsense : List.of("%E0%A4%A", "a%20b")) {
      ann.page().navigate("about:blank");
      ann.page().navigate(ann.door().origin() + "/chat/?as=ann#" + nonsense);
      assertThat(ann.find("#room-title")).hasText("lobby");
      assertTrue(ann.page().url().endsWith("#lobby"), ann.page().url());
      ann.awaitLive();
    }
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
    ann.page().waitForCondition(() -> first() != null);
    return first();
  }

  private Double first() {
    return ann.page().evaluate("() => window.first ?? null") instanceof Number first
        ? first.doubleValue()
        : null;
  }

  private void publishUntil(AtomicBoolean over) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls calls = stage.calls(http, "carol");
      while (!over.get()) {
        long now = Instant.now().toEpochMilli();
        calls.publish("chat:first", "message", "{\"text\":\"" + now + "\"}");
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
