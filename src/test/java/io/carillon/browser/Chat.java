package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.assertions.LocatorAssertions.HasCountOptions;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What people do in the chat, and what everybody must see of it in the end. */
final class Chat {
  /** The texts that the room holds, without those that are still on their way. */
  static final String SHOWN = ".message:not(.pending) .text";

  /** A hundred and more messages, after a break, on a machine that is busy. */
  private static final double PATIENCE_MS = 60_000;

  private Chat() {}

  static void say(Visitor visitor, String text) {
    visitor.find("#text").fill(text);
    visitor.find("#text").press("Enter");
  }

  /** Says one after another, by the page's own clock, while the test goes on. */
  static void sayAll(Visitor visitor, List<String> texts, int everyMs) {
    visitor
        .page()
        .evaluate(
            """
            ({ texts, every }) => {
              const timer = setInterval(() => {
                document.getElementById('text').value = texts.shift();
                document.getElementById('composer').requestSubmit();
                if (!texts.length) clearInterval(timer);
              }, every);
            }
            """,
            Map.of("texts", texts, "every", everyMs));
  }

  /** {@code what 1}, {@code what 2} and so on. */
  static List<String> numbered(String what, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> what + ' ' + i).toList();
  }

  /**
   * All pages show everything that was said, once and in one order, which is also the order of each
   * who said it; and nothing is on its way any more.
   *
   * @param said what each of them said, in their order
   */
  static void awaitSame(List<Visitor> visitors, List<List<String>> said) {
    List<String> all = said.stream().flatMap(List::stream).toList();
    for (Visitor visitor : visitors) {
      assertThat(visitor.find(SHOWN))
          .hasCount(all.size(), new HasCountOptions().setTimeout(PATIENCE_MS));
      assertThat(visitor.find(".message.pending")).hasCount(0);
    }
    List<String> order = visitors.get(0).texts(SHOWN);
    assertEquals(all.stream().sorted().toList(), order.stream().sorted().toList());
    for (Visitor visitor : visitors) {
      assertEquals(order, visitor.texts(SHOWN), visitor.name());
    }
    for (List<String> one : said) {
      assertEquals(one, order.stream().filter(one::contains).toList());
    }
  }
}
