package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.carillon.browser.Chat.awaitSame;
import static io.carillon.browser.Chat.say;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A proxy that knows no WebSocket, then one that holds streams back too, then a good one again. */
final class BlockIT extends BrokenNetwork {
  private final List<String> byAnn = new ArrayList<>();
  private final List<String> byBob = new ArrayList<>();

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
    bothTalk("SSE");
    assertThat(bob.find("#people li b")).hasText(new String[] {"ann", "bob"});

    began = now();
    door.streams(false);
    ann.awaitTransport("poll", 6_000);
    System.out.printf("live over long polls %.0f ms after streams were blocked%n", now() - began);
    bothTalk("polls");

    began = now();
    ann.page().reload();
    ann.awaitTransport("poll", 6_000);
    System.out.printf("live over long polls %.0f ms after a reload%n", now() - began);

    began = now();
    door.upgrades(true);
    door.streams(true);
    ann.awaitTransport("websocket", LONG_MS);
    System.out.printf("back to WebSocket %.0f ms after all was unblocked%n", now() - began);
    bothTalk("WebSocket");
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
    Visitor dave = visitor(0, "dave");
    began = now();
    dave.open("chat#never");
    dave.awaitTransport("poll", 6_000);
    System.out.printf(
        "without streams too, over long polls %.0f ms after the page was asked for%n",
        now() - began);
  }

  /** One more of each, and both pages show all so far. */
  private void bothTalk(String transport) {
    byAnn.add("from " + transport);
    say(ann, "from " + transport);
    byBob.add("to " + transport);
    say(bob, "to " + transport);
    awaitSame(List.of(ann, bob), List.of(byAnn, byBob));
  }

  private static double now() {
    return System.nanoTime() / 1e6;
  }
}
