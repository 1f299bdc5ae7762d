package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.carillon.browser.Chat.SHOWN;
import static io.carillon.browser.Chat.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What was written and has not arrived is not lost without a word. */
final class UnsentIT extends BrokenNetwork {
  /** What the browser asked before it closed the page. */
  private final List<String> asked = new ArrayList<>();

  @Test
  void thePageAsksBeforeItIsLeftWhileSomethingIsUnsent() {
    ann.open("chat#unsent");
    bob.open("together#unsent");
    for (Visitor visitor : List.of(ann, bob)) {
      visitor
          .page()
          .onDialog(
              dialog -> {
                asked.add(dialog.type());
                dialog.dismiss();
              });
      visitor.door().open(false);
      assertThat(visitor.find("#link[data-stale=true]")).hasCount(1);
    }
    say(ann, "written in the dark");
    bob.find("#add-text").fill("a card in the dark");
    bob.find("#add-text").press("Enter");
    for (Visitor visitor : List.of(ann, bob)) {
      assertThat(visitor.find(".link-text")).containsText("1 unsent");
      asked.clear();
      leave(visitor);
      visitor.page().waitForCondition(() -> asked.equals(List.of("beforeunload")));
      assertFalse(visitor.page().isClosed());
    }
    for (Visitor visitor : List.of(ann, bob)) {
      visitor.door().open(true);
    }
    assertThat(ann.find(SHOWN)).hasText("written in the dark", patient());
    assertThat(bob.find("#pending")).hasText("", patient());
    assertThat(bob.find(".card-text")).hasText("a card in the dark");
    asked.clear();
    for (Visitor visitor : List.of(ann, bob)) {
      visitor.awaitLive();
      leave(visitor);
      visitor.page().waitForClose(() -> {});
    }
    assertEquals(List.of(), asked);
  }

  private static HasTextOptions patient() {
    return new HasTextOptions().setTimeout(LONG_MS);
  }

  private static void leave(Visitor visitor) {
    visitor.page().close(new Page.CloseOptions().setRunBeforeUnload(true));
  }

  /** Until the server answers there is nothing to be connected to, and the page says so. */
  @Test
  void aScreenWhoseServerDoesNotAnswerSaysSo() {
    ann.page().route("**/api/**", route -> route.abort());
    ann.page().navigate(ann.door().origin() + "/chat/?as=ann");
    assertThat(ann.find(".link-text")).hasText("the server does not answer, trying again");
    ann.page().unroute("**/api/**");
    assertThat(ann.find("#link[data-state=live]"))
        .hasCount(1, new HasCountOptions().setTimeout(LONG_MS));
  }
}
