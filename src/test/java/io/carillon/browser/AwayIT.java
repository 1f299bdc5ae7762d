package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What happens to people's connections, and what their pages show after it: everything, once, in
 * one order.
 */
final class BreakIT {
  private static final double LONG_MS = 40_000;

  private Stage stage;
  private Visitor ann;
  private Visitor bob;

  @BeforeEach
  void twoVisitors() {
    Browsers.chromium();
    stage = Stage.shared();
    ann = new Visitor(stage.door(0), "ann");
    bob = new Visitor(stage.door(1), "bob");
  }

  @AfterEach
  void nobodyComplainsAndAllIsRepaired() throws Exception {
    try (Visitor first = ann;
        Visitor second = bob) {
      assertEquals(List.of(), first.complaintsBeyondTheNetwork());
      assertEquals(List.of(), second.complaintsBeyondTheNetwork());
    } finally {
      stage.repair();
    }
  }

  @Test
  void theInstanceThatThePageIsOnIsKilled() throws Exception {
    ann.open("chat#killed");
    bob.open("chat#killed");
    say(ann, "before");
    assertThat(bob.find(".message .text")).hasText(new String[] {"before"});
    stage.kill(0);
    say(ann, "into the void");
    say(bob, "from the other side");
    ann.awaitLive();
    say(ann, "after");
    awaitSame(
        List.of(ann, bob), List.of("before", "into the void", "from the other side", "after"));
    assertThat(bob.find("#people li b")).hasText(new String[] {"ann", "bob"});
  }

  @Test
  void twoHundredPublishesWhileItsInstanceIsKilledThreeTimes() throws Exception {
    ann.open("chat#busy");
    bob.open("chat#busy");
    Visitor carol = new Visitor(stage.door(1), "carol");
    try (carol) {
      carol.open("chat#busy");
      ann.page()
          .evaluate(
              """
              () => {
                let sent = 0;
                const timer = setInterval(() => {
                  document.getElementById('text').value = `no. ${++sent}`;
                  document.getElementById('composer').requestSubmit();
                  if (sent === 200) clearInterval(timer);
                }, 150);
              }
              """);
      for (int round = 0; round < 3; round++) {
        int victim = round % 2;
        ann.page().waitForTimeout(1_500);
        ann.awaitLive();
        stage.kill(victim);
        ann.page().waitForTimeout(500);
        ann.awaitLive();
        if (round < 2) {
          stage.restart(victim);
        }
      }
      String[] all = IntStream.rangeClosed(1, 200).mapToObj(i -> "no. " + i).toArray(String[]::new);
      for (Visitor visitor : List.of(bob, carol, ann)) {
        assertThat(visitor.find(".message:not(.pending) .text"))
            .hasText(all, new HasTextOptions().setTimeout(LONG_MS));
      }
      assertThat(ann.find(".message.pending")).hasCount(0);
      assertEquals(List.of(), carol.complaintsBeyondTheNetwork());
    }
  }

  @Test
  void withoutWebSocketThenWithoutStreamsThenWithAllAgain() {
    ann.open("chat#blocked");
    bob.open("chat#blocked");
    ann.awaitTransport("websocket", 5_000);
    FrontDoor door = ann.door();

    double began = now();
    door.upgrades(false);
    ann.awaitTransport("sse", 3_000);
    System.out.printf("live over SSE %.0f ms after WebSocket was blocked%n", now() - began);
    say(ann, "over SSE");
    say(bob, "to SSE");
    awaitSame(List.of(ann, bob), List.of("over SSE", "to SSE"));
    assertThat(bob.find("#people li b")).hasText(new String[] {"ann", "bob"});

    began = now();
    door.streams(false);
    ann.awaitTransport("poll", 6_000);
    System.out.printf("live over long polls %.0f ms after streams were blocked%n", now() - began);
    say(ann, "over polls");
    say(bob, "to polls");
    awaitSame(List.of(ann, bob), List.of("over SSE", "to SSE", "over polls", "to polls"));

    began = now();
    ann.page().reload();
    ann.awaitTransport("poll", 6_000);
    System.out.printf("live over long polls %.0f ms after a reload%n", now() - began);

    began = now();
    door.upgrades(true);
    door.streams(true);
    ann.awaitTransport("websocket", LONG_MS);
    System.out.printf("back to WebSocket %.0f ms after all was unblocked%n", now() - began);
    say(ann, "over WebSocket");
    awaitSame(
        List.of(ann, bob),
        List.of("over SSE", "to SSE", "over polls", "to polls", "over WebSocket"));
  }

  @Test
  void aVisitorWhoNeverHadWebSocket() {
    FrontDoor door = ann.door();
    door.upgrades(false);
    double began = now();
    ann.open("chat#never");
    ann.awaitTransport("sse", 3_000);
    System.out.printf(
        "without WebSocket live over SSE %.0f ms after the page was asked for%n", now() - began);
    door.streams(false);
    Visitor dave = new Visitor(door, "dave");
    try (dave) {
      began = now();
      dave.open("chat#never");
      dave.awaitTransport("poll", 6_000);
      System.out.printf(
          "without streams too, over long polls %.0f ms after the page was asked for%n",
          now() - began);
    }
  }

  @Test
  void theTabSleeps() {
    ann.open("chat#asleep");
    bob.open("chat#asleep");
    say(ann, "good night");
    assertThat(bob.find(".message .text")).hasText(new String[] {"good night"});
    CDPSession session = ann.context().newCDPSession(ann.page());
    lifecycle(session, "frozen");
    for (int i = 1; i <= 20; i++) {
      say(bob, "while you slept " + i);
    }
    // Longer than the heartbeat (4 s) and its grace (10 s): the server gives the tab up.
    bob.page().waitForTimeout(17_000);
    lifecycle(session, "active");
    List<String> all =
        Stream.concat(
                Stream.of("good night"),
                IntStream.rangeClosed(1, 20).mapToObj(i -> "while you slept " + i))
            .toList();
    awaitSame(List.of(ann, bob), all);
    say(ann, "good morning");
    awaitSame(List.of(ann, bob), Stream.concat(all.stream(), Stream.of("good morning")).toList());
  }

  @Test
  void offlineWithMessagesWaiting() {
    ann.open("chat#offline");
    bob.open("chat#offline");
    say(ann, "still here");
    assertThat(bob.find(".message .text")).hasText(new String[] {"still here"});
    ann.context().setOffline(true);
    ann.door().open(false);
    assertThat(ann.find("#link[data-state=offline]"))
        .hasCount(1, new HasCountOptions().setTimeout(15_000));
    List<String> expected = new ArrayList<>(List.of("still here"));
    for (int i = 1; i <= 5; i++) {
      say(ann, "queued " + i);
      say(bob, "meanwhile " + i);
      expected.add("meanwhile " + i);
    }
    assertThat(ann.find(".message.pending .text"))
        .hasText(new String[] {"queued 1", "queued 2", "queued 3", "queued 4", "queued 5"});
    ann.page().waitForTimeout(20_000);
    assertEquals(List.of("still here"), ann.texts(".message:not(.pending) .text"));
    ann.door().open(true);
    ann.context().setOffline(false);
    for (int i = 1; i <= 5; i++) {
      expected.add("queued " + i);
    }
    awaitSame(List.of(ann, bob), expected);
    assertThat(ann.find(".message.pending")).hasCount(0);
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
      visitor.context().setOffline(true);
      visitor.door().open(false);
      assertThat(visitor.find("#link[data-state=offline]"))
          .hasCount(1, new HasCountOptions().setTimeout(15_000));
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
    ann.door().open(true);
    ann.context().setOffline(false);
    ann.awaitLive();
    assertThat(ann.find("#pending")).hasText("");
    bob.door().open(true);
    bob.context().setOffline(false);
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

  private static void say(Visitor visitor, String text) {
    visitor.find("#text").fill(text);
    visitor.find("#text").press("Enter");
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
            .filter(
                new com.microsoft.playwright.Locator.FilterOptions()
                    .setHas(visitor.page().getByText(card, exact())));
    note.hover();
    note.getByLabel(label).click();
  }

  private static com.microsoft.playwright.Page.GetByTextOptions exact() {
    return new com.microsoft.playwright.Page.GetByTextOptions().setExact(true);
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

  /**
   * All pages show exactly these messages, in one order; the order of two writers is the room's.
   */
  private static void awaitSame(List<Visitor> visitors, List<String> texts) {
    for (Visitor visitor : visitors) {
      assertThat(visitor.find(".message:not(.pending) .text"))
          .hasCount(texts.size(), new HasCountOptions().setTimeout(LONG_MS));
    }
    List<String> shown = visitors.get(0).texts(".message:not(.pending) .text");
    for (Visitor visitor : visitors) {
      assertEquals(shown, visitor.texts(".message:not(.pending) .text"));
      assertThat(visitor.find(".message.pending")).hasCount(0);
    }
    assertEquals(texts.stream().sorted().toList(), shown.stream().sorted().toList());
    for (String writer : List.of("queued", "meanwhile", "while you slept")) {
      List<String> one = shown.stream().filter(text -> text.startsWith(writer)).toList();
      assertEquals(texts.stream().filter(text -> text.startsWith(writer)).toList(), one);
    }
    assertTrue(shown.size() == texts.size(), shown::toString);
  }

  private static void lifecycle(CDPSession session, String state) {
    JsonObject parameters = new JsonObject();
    parameters.addProperty("state", state);
    session.send("Page.setWebLifecycleState", parameters);
  }

  private static double now() {
    return System.nanoTime() / 1e6;
  }
}
