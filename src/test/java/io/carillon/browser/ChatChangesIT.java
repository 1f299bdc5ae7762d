package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.carillon.browser.Chat.SHOWN;
import static io.carillon.browser.Chat.say;

import com.microsoft.playwright.Locator;
import io.carillon.kit.client.Calls;
import java.net.http.HttpClient;
import org.junit.jupiter.api.Test;

/** What people do to messages of the chat that were sent before. */
final class ChatChangesIT extends TwoVisitors {
  private static final String LAST = ".message[data-seq]";

  private static Locator last(Visitor visitor) {
    return visitor.find(LAST).last();
  }

  @Test
  void oneEditsTheOtherAnswersWithASignAndItIsRemoved() {
    ann.open("chat#changes");
    bob.open("chat#changes");
    say(ann, "helo");
    assertThat(bob.find(SHOWN).last()).hasText("helo");

    last(ann).hover();
    last(ann).locator(".acts").getByText("Edit").click();
    ann.find("#edit-text").fill("hello");
    ann.find("#edit [value=save]").click();
    for (Visitor visitor : new Visitor[] {ann, bob}) {
      assertThat(visitor.find(SHOWN).last()).hasText("hello");
      assertThat(last(visitor).locator(".edited")).hasText("edited");
    }

    // With the keyboard alone, and without a button for what is not theirs.
    bob.find("#log").focus();
    bob.page().keyboard().press("ArrowUp");
    assertThat(last(bob)).isFocused();
    assertThat(last(bob).locator(".acts button")).hasCount(3);
    bob.page().keyboard().press("Tab");
    bob.page().keyboard().press("Enter");
    for (Visitor visitor : new Visitor[] {ann, bob}) {
      assertThat(last(visitor).locator(".reactions")).hasText("👍 1");
    }
    bob.page().keyboard().press("Enter");
    assertThat(last(ann).locator(".reactions")).hasCount(0);

    last(ann).hover();
    last(ann).locator(".acts").getByText("Remove").click();
    assertThat(bob.find(SHOWN).last()).hasText("This message was removed.");
    ann.page().reload();
    ann.awaitLive();
    assertThat(ann.find(SHOWN).last()).hasText("This message was removed.");
  }

  /** The change is on the first page of history, the message on an earlier one. */
  @Test
  void aMessageThatIsLoadedLateIsAsItStands() {
    try (HttpClient http = HttpClient.newHttpClient()) {
      Calls carol = stage.calls(http, "carol");
      Calls eve = stage.calls(http, "eve");
      var first = carol.publish("chat:late", "message", "{\"text\":\"first\"}");
      String of = first.getString("epoch") + '.' + first.getInt("seq");
      for (int i = 1; i <= 60; i++) {
        carol.publish("chat:late", "message", "{\"text\":\"line " + i + "\"}");
      }
      carol.publish(
          "chat:late", "message.edited", "{\"of\":\"%s\",\"text\":\"mended\"}".formatted(of));
      eve.publish(
          "chat:late", "message.edited", "{\"of\":\"%s\",\"text\":\"forged\"}".formatted(of));
    }
    ann.open("chat#late");
    assertThat(ann.find(SHOWN).last()).hasText("line 60");
    ann.find("#log").evaluate("log => (log.scrollTop = 0)");
    assertThat(ann.find(SHOWN).first()).hasText("mended");
  }
}
