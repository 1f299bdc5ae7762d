package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.carillon.browser.Chat.SHOWN;
import static io.carillon.browser.Chat.awaitSame;
import static io.carillon.browser.Chat.say;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator.FilterOptions;
import com.microsoft.playwright.Page.GetByTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who was away, offline or asleep, goes on where they were, and so does what they left waiting. */
final class AwayIT extends BrokenNetwork {
  /** So often in the half minute something is said on either side. */
  private static final int TIMES = 6;

  private static final double PAUSE_MS = 30_000.0 / TIMES;

  /**
   * One is offline, with messages waiting, and another's tab sleeps: far longer than the heartbeat
   * (4 s) and its grace (10 s).
   */
  @Test
  void halfAMinuteAway() {
    Visitor carol = visitor(1, "carol");
    for (Visitor visitor : List.of(ann, bob, carol)) {
      visitor.open("chat#away");
    }
    say(ann, "good night");
    for (Visitor visitor : List.of(bob, carol)) {
      assertThat(visitor.find(SHOWN)).hasText(new String[] {"good night"});
    }
    offline(ann);
    CDPSession carols = carol.context().newCDPSession(carol.page());
    // Chromium does not freeze a tab when it is told to here; a stopped script is as deaf.
    carols.send("Debugger.enable");
    carols.send("Debugger.pause");
    List<String> byAnn = new ArrayList<>(List.of("good night"));
    List<String> byBob = new ArrayList<>();
    for (int i = 1; i <= TIMES; i++) {
      byAnn.add("queued " + i);
      say(ann, "queued " + i);
      byBob.add("meanwhile " + i);
      say(bob, "meanwhile " + i);
      bob.page().waitForTimeout(PAUSE_MS);
    }
    assertThat(ann.find("#link[data-state=offline]")).hasCount(1);
    assertThat(ann.find(".message.pending .text"))
        .hasText(byAnn.subList(1, byAnn.size()).toArray(String[]::new));
    assertEquals(List.of("good night"), ann.texts(SHOWN));
    assertThat(bob.find("#people li b")).hasText(new String[] {"bob"});
    carols.send("Debugger.resume");
    online(ann);
    awaitSame(List.of(ann, bob, carol), List.of(byAnn, byBob));
    say(carol, "good morning");
    awaitSame(List.of(ann, bob, carol), List.of(byAnn, byBob, List.of("good morning")));
    assertThat(bob.find("#people li b")).hasText(new String[] {"ann", "bob", "carol"});
  }

  @Test
  void twoWhoChangeTheSameThingsOfflineEndWithOneBoard() {
    ann.open("together#merged");
    bob.open("together#merged");
    for (String card : List.of("rope", "bell", "clapper")) {
      ann.find("#add-text").fill(card);
      ann.find("#add-text").press("Enter");
    }
    assertThat(bob.find(".card-text")).hasText(new String[] {"rope", "bell", "clapper"});
    assertThat(ann.find("#pending")).hasText("");
    for (Visitor visitor : List.of(ann, bob)) {
      offline(visitor);
    }
    // Both write on one card; one removes what the other writes on; both move a third.
    write(ann, "rope", "hemp rope");
    write(bob, "rope", "new rope");
    press(ann, "bell", "Remove");
    write(bob, "bell", "bell, tuned");
    press(ann, "clapper", "Move right");
    press(bob, "clapper", "Move up");
    assertEquals(List.of("hemp rope", "clapper"), ann.texts(".card-text"));
    assertThat(bob.find("#pending")).hasText("3 changes on the way");
    online(ann);
    ann.awaitLive();
    assertThat(ann.find("#pending")).hasText("");
    online(bob);
    bob.awaitLive();
    for (Visitor visitor : List.of(ann, bob)) {
      assertThat(visitor.find("#pending")).hasText("");
      assertThat(visitor.find(".note.pending")).hasCount(0);
      assertThat(visitor.find("[data-column=doing] .card-text")).hasText(new String[] {"clapper"});
      assertThat(visitor.find("[data-column=todo] .card-text"))
          .hasText(new String[] {"new rope", "bell, tuned"});
      assertThat(visitor.find(".other q")).hasText(new String[] {"hemp rope"});
    }
    assertEquals(board(ann), board(bob));
    ann.find(".other button").getByText("Use that").click();
    assertThat(bob.find("[data-column=todo] .card-text").first()).hasText("hemp rope");
    assertThat(bob.find(".other q")).hasCount(0);
    assertEquals(board(ann), board(bob));
  }

  private static void offline(Visitor visitor) {
    visitor.context().setOffline(true);
    visitor.door().open(false);
    assertThat(visitor.find("#link[data-state=offline]"))
        .hasCount(1, new HasCountOptions().setTimeout(15_000));
  }

  private static void online(Visitor visitor) {
    visitor.door().open(true);
    visitor.context().setOffline(false);
  }

  private static void write(Visitor visitor, String card, String text) {
    visitor.page().getByText(card, exact()).click();
    visitor.find(".writing textarea").fill(text);
    visitor.find(".writing textarea").press("Enter");
  }

  private static void press(Visitor visitor, String card, String label) {
    var note =
        visitor
            .find(".note")
            .filter(new FilterOptions().setHas(visitor.page().getByText(card, exact())));
    note.hover();
    note.getByLabel(label).click();
  }

  private static GetByTextOptions exact() {
    return new GetByTextOptions().setExact(true);
  }

  /** What the board shows, column by column. */
  private static String board(Visitor visitor) {
    return String.valueOf(
        visitor
            .page()
            .evaluate(
                """
                () => JSON.stringify([...document.querySelectorAll('.column')].map((column) =>
                  [column.dataset.column, [...column.querySelectorAll('.note')].map((note) =>
                    [note.dataset.id, note.querySelector('.card-text').textContent,
                      note.querySelector('.other q')?.textContent ?? null])]))
                """));
  }
}
