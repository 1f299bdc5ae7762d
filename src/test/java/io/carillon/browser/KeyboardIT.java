package io.carillon.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each page by the keyboard alone, and as a screen reader is told of it. */
final class KeyboardIT extends TwoVisitors {
  private static final int MOST_STOPS = 300;

  /** What the Tab key has to reach: everything that can be used and is seen. */
  private static final String USABLE =
      """
      () => {
        // By what does not change while the page is walked through.
        window.nameOf = (node) => `${node.localName} ${node.id || ('else' in node.dataset && 'else') || node.getAttribute('href') || node.dataset.act
          || node.dataset.room || node.name || node.getAttribute('aria-label') || node.textContent.trim().slice(0, 40)}`;
        return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
          .filter((node) => node.tabIndex >= 0 && !node.disabled && node.checkVisibility({ visibilityProperty: true }))
          .map(window.nameOf);
      }
      """;

  /** Where the focus is, and whether one can see that it is there. */
  private static final String FOCUS =
      """
      () => {
        const node = document.activeElement;
        if (!node || node === document.body) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(node);
        const box = node.getBoundingClientRect();
        const seen = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && box.bottom > 0 && box.top < innerHeight;
        return { name: window.nameOf(node), seen };
      }
      """;

  private static final Pattern NAMELESS =
      Pattern.compile(
          "^\\s*-"
              + " (button|link|textbox|searchbox|combobox|checkbox|spinbutton|dialog|img|region|navigation)(?!"
              + " \").*$");

  private void open(String address) {
    Page page = ann.page();
    page.navigate(ann.door().origin() + "/" + address);
    ann.awaitShown();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?as=ann",
        "chat/?as=ann#keys",
        "together/?as=ann#keys",
        "notifications/?as=ann",
        "dashboard/?as=ann",
        "console/?as=ann#instances",
        "console/?as=ann#bans",
        "console/?as=ann#namespaces",
        "docs/#guide",
        "nope/"
      })
  void theTabKeyReachesEverythingAndTheFocusIsSeen(String address) {
    open(address);
    Page page = ann.page();
    @SuppressWarnings("unchecked")
    Set<String> usable = new TreeSet<>((List<String>) page.evaluate(USABLE));
    Set<String> reached = new TreeSet<>();
    List<String> unseen = new ArrayList<>();
    // Where the page has set the focus by itself, the walk begins there and comes round.
    int rounds = 0;
    for (int stops = 0; stops < MOST_STOPS && rounds < 2 && !reached.containsAll(usable); stops++) {
      page.keyboard().press("Tab");
      Object focus = page.evaluate(FOCUS);
      if (focus == null) {
        rounds++;
        continue;
      }
      @SuppressWarnings("unchecked")
      java.util.Map<String, Object> at = (java.util.Map<String, Object>) focus;
      String name = String.valueOf(at.get("name"));
      reached.add(name);
      if (!Boolean.TRUE.equals(at.get("seen"))) {
        unseen.add(name);
      }
    }
    ann.forgive("status of 404");
    Set<String> missed = new TreeSet<>(usable);
    missed.removeAll(reached);
    assertEquals(Set.of(), missed, address);
    assertEquals(List.of(), unseen, address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?as=ann",
        "chat/?as=ann#tree",
        "together/?as=ann#tree",
        "notifications/?as=ann",
        "dashboard/?as=ann",
        "console/?as=ann#instances",
        "console/?as=ann#connections",
        "console/?as=ann#user=ann",
        "console/?as=ann#namespaces",
        "docs/#guide",
        "reference/",
        "nope/"
      })
  void aScreenReaderIsToldOfOneMainPartAndTheNameOfEverything(String address) {
    open(address);
    String tree = ann.find("body").ariaSnapshot();
    ann.forgive("status of 404");
    List<String> nameless =
        tree.lines().filter(line -> NAMELESS.matcher(line).matches()).collect(Collectors.toList());
    assertEquals(List.of(), nameless, () -> address + "\n" + tree);
    for (String part : List.of("main", "banner")) {
      long found = tree.lines().filter(line -> line.strip().startsWith("- " + part)).count();
      assertEquals(1, found, () -> part + " of " + address + "\n" + tree);
    }
    assertTrue(tree.contains("- navigation \""), address);
    assertEquals(
        1,
        tree.lines().filter(line -> line.contains("[level=1]")).count(),
        () -> address + "\n" + tree);
  }
}
