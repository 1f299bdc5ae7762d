package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.carillon.guests.NpmFolder;
import io.carillon.kit.AtLength;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every page by the keyboard alone, as a screen reader is told of it, and as axe-core judges it, on
 * a desktop and on the smallest phone, light and dark (at length on a larger phone, too); and no
 * page scrolls sideways. axe-core is fetched as the clients of guests are: without npm or its
 * registry that part is skipped.
 */
final class AccessibilityIT extends Visitors {
  private static final int[] WIDTHS =
      AtLength.ASKED ? new int[] {1280, 390, 320} : new int[] {1280, 320};

  /** What the dark scheme changes, colours, is the same at every width. */
  private static final int[] WIDE = {1280};

  private static final String JUDGE =
      """
      async (rules) => {
        const { violations } = await window.axe.run(document, {
          resultTypes: ['violations'],
          runOnly: rules,
        });
        return violations.map(({ id, nodes }) =>
          `${id}: ${nodes.slice(0, 3).map(({ target, any }) => `${target} ${any[0]?.message ?? ''}`).join(' | ')}`);
      }
      """;

  private static final List<String> ALL =
      List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice");
  private static final List<String> COLOURS = List.of("color-contrast");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?as=ann",
        "chat/?as=ann#axe",
        "together/?as=ann#axe",
        "notifications/?as=ann",
        "dashboard/?as=ann",
        "docs/",
        "docs/#guide",
        "docs/#client",
        "reference/",
        "nope/",
        "console/?as=ann#alerts",
        "console/?as=ann#instances",
        "console/?as=ann#connections",
        "console/?as=ann#rooms",
        "console/?as=ann#limits",
        "console/?as=ann#outbox",
        "console/?as=ann#bans",
        "console/?as=ann#namespaces",
        "console/?as=ann#audit",
        "console/?as=ann#user=ann",
        "console/?as=ann#room=chat:axe"
      })
  void everybodyCanUseIt(String address) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      stage
          .calls(http, "bob")
          .publish("chat:axe", "message", "{\"text\":\"Look at https://example.org\"}");
    }
    Page page = ann.page();
    page.navigate(ann.door().origin() + "/" + address);
    settle();
    ann.forgive("status of 404");
    ReaderTree.hasPartsAndNames(page);
    TabWalk.reachesEverything(page);
    page.evaluate(
        Files.readString(NpmFolder.of("axe").resolve("node_modules/axe-core/axe.min.js")));
    List<String> found = new ArrayList<>();
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      boolean light = scheme == ColorScheme.LIGHT;
      for (int width : light ? WIDTHS : WIDE) {
        page.setViewportSize(width, 800);
        for (Object violation : (List<?>) page.evaluate(JUDGE, light ? ALL : COLOURS)) {
          found.add(scheme + " " + width + " " + violation);
        }
        int wide = (int) page.evaluate("() => document.documentElement.scrollWidth");
        assertTrue(wide <= width, () -> address + " is " + wide + " wide at " + width);
      }
    }
    assertEquals(List.of(), found, address);
  }

  /** Until what the page shows at first is there. */
  private void settle() {
    ann.awaitShown();
    if (ann.find("main#text, main#calls").count() > 0) {
      assertThat(ann.find("h1").first()).isVisible();
    }
  }
}
