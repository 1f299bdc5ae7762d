package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.carillon.browser.Chat.SHOWN;
import static io.carillon.browser.Chat.awaitSame;
import static io.carillon.browser.Chat.numbered;
import static io.carillon.browser.Chat.sayAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page.GetByTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import io.carillon.kit.AtLength;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The instance that a page is on is killed (SIGKILL) while its visitor goes on talking. */
final class KillIT extends BrokenNetwork {
  /** On every transport at once: three pages on the instance that is killed, one on the other. */
  @Test
  void whateverTheTransport() throws Exception {
    Visitor carol = visitor(2, "carol");
    Visitor dave = visitor(3, "dave");
    carol.door().upgrades(false);
    dave.door().upgrades(false);
    dave.door().streams(false);
    List<Visitor> all = List.of(ann, bob, carol, dave);
    all.forEach(visitor -> visitor.open("chat#killed"));
    awaitTransports(carol, dave);

    List<List<String>> said = all.stream().map(visitor -> numbered(visitor.name(), 40)).toList();
    for (int i = 0; i < all.size(); i++) {
      sayAll(all.get(i), said.get(i), 200);
    }
    for (Visitor visitor : List.of(ann, carol, dave)) {
      String some = visitor.name() + " 8";
      assertThat(bob.page().getByText(some, new GetByTextOptions().setExact(true))).hasCount(1);
    }
    stage.kill(0);

    awaitSame(all, said);
    awaitTransports(carol, dave);
    assertThat(bob.find("#people li b")).hasText(new String[] {"ann", "bob", "carol", "dave"});
  }

  private void awaitTransports(Visitor carol, Visitor dave) {
    ann.awaitTransport("websocket", LONG_MS);
    bob.awaitTransport("websocket", LONG_MS);
    carol.awaitTransport("sse", LONG_MS);
    dave.awaitTransport("poll", LONG_MS);
  }

  @Test
  @AtLength
  void twoHundredPublishesWhileItsInstanceIsKilledThreeTimes() throws Exception {
    Visitor carol = visitor(1, "carol");
    for (Visitor visitor : List.of(ann, bob, carol)) {
      visitor.open("chat#busy");
    }
    List<String> all = numbered("no.", 200);
    sayAll(ann, all, 150);
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
    for (Visitor visitor : List.of(bob, carol, ann)) {
      assertThat(visitor.find(SHOWN))
          .hasText(all.toArray(String[]::new), new HasTextOptions().setTimeout(LONG_MS));
    }
    assertThat(ann.find(".message.pending")).hasCount(0);
    assertEquals(all, ann.texts(SHOWN));
  }
}
