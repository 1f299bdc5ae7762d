package io.carillon.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;

/** Walk through a page by the Tab key. */
final class TabWalk {
  private static final int MOST_STOPS = 300;

  /** How often the key is pressed before the page is asked again. */
  private static final int AT_A_TIME = 10;

  /**
   * Follows the Tab key: what it has to reach, that is everything that can be used and is seen;
   * what it has reached when it is let go; and where one cannot see that the focus is there.
   */
  private static final String FOLLOW =
      """
      () => {
        // By what does not change while the page is walked through.
        const nameOf = (node) => `${node.localName} ${node.id || ('else' in node.dataset && 'else') || node.getAttribute('href') || node.dataset.act
          || node.dataset.room || node.name || node.getAttribute('aria-label') || node.textContent.trim().slice(0, 40)}`;
        const missed = new Set([...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
          .filter((node) => node.tabIndex >= 0 && !node.disabled && node.checkVisibility({ visibilityProperty: true }))
          .map(nameOf));
        const unseen = new Set();
        let rounds = 0;
        window.walked = () => ({ missed: [...missed], unseen: [...unseen], rounds });
        addEventListener('keyup', ({ key }) => {
          const node = document.activeElement;
          if (key !== 'Tab' || missed.size === 0) return;
          if (!node || node === document.body) {
            rounds++;
            return;
          }
          const { outlineStyle, outlineWidth } = getComputedStyle(node);
          const box = node.getBoundingClientRect();
          missed.delete(nameOf(node));
          if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2 || box.bottom <= 0 || box.top >= innerHeight) {
            unseen.add(nameOf(node));
          }
        }, true);
      }
      """;

  private TabWalk() {}

  /** The key reaches everything that can be used, and one sees each time where the focus is. */
  static void reachesEverything(Page page) {
    page.evaluate(FOLLOW);
    Map<?, ?> walked = (Map<?, ?>) page.evaluate("walked()");
    assertNotEquals(List.of(), walked.get("missed"), "something can be used");
    // Where the page has set the focus by itself, the walk begins there and comes round.
    for (int stops = 0; stops < MOST_STOPS && !hasEnded(walked); stops += AT_A_TIME) {
      for (int i = 0; i < AT_A_TIME; i++) {
        page.keyboard().press("Tab");
      }
      walked = (Map<?, ?>) page.evaluate("walked()");
    }
    page.evaluate("() => document.activeElement.blur()");
    assertEquals(List.of(), walked.get("missed"), page.url());
    assertEquals(List.of(), walked.get("unseen"), page.url());
  }

  private static boolean hasEnded(Map<?, ?> walked) {
    return walked.get("missed").equals(List.of()) || (int) walked.get("rounds") >= 2;
  }
}
