package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The screens on phones, on laptops at 200 %, and in the colours of those who choose their own. */
final class SizesIT extends TwoVisitors {
  private static final String LONGEST = "a-name-of-thirty-characters-xx";

  /**
   * Elements of these kinds that can be seen, and whose edge or fill stands out less than 3 : 1.
   */
  private static final String FAINT =
      """
      () => {
        const light = (colour) => {
          const [r, g, b] = colour.match(/[\\d.]+/g).map((v) => v / 255)
            .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const solid = (colour) => !/^rgba\\(.*, 0\\)$|transparent/.test(colour);
        const ground = (node) => {
          for (let at = node; at; at = at.parentElement) {
            if (solid(getComputedStyle(at).backgroundColor)) return getComputedStyle(at).backgroundColor;
          }
          return 'rgb(255, 255, 255)';
        };
        const ratio = (a, b) => {
          const [less, more] = [light(a), light(b)].sort((x, y) => x - y);
          return (more + 0.05) / (less + 0.05);
        };
        return [...document.querySelectorAll('input:not([type=checkbox]), textarea, select, button.plain')]
          .filter((node) => node.checkVisibility())
          .filter((node) => ratio(getComputedStyle(node).borderTopColor, ground(node.parentElement)) < 3)
          .map((node) => node.outerHTML.slice(0, 80));
      }
      """;

  /** Buttons without an edge, and marks whose colour would be taken from them. */
  private static final String BARE =
      """
      () => [
        ...[...document.querySelectorAll('button, .button, .bell')].filter((node) => {
          const { borderTopStyle, borderTopWidth } = getComputedStyle(node);
          return borderTopStyle === 'none' || parseFloat(borderTopWidth) < 1;
        }),
        ...[...document.querySelectorAll('.dot, .key, .bar-fill')]
          .filter((node) => getComputedStyle(node).forcedColorAdjust !== 'none'),
      ].map((node) => node.outerHTML.slice(0, 80))
      """;

  @Test
  void nothingIsWiderThanTheSmallestPhone() {
    Page page = ann.page();
    page.setViewportSize(320, 640);
    for (int i = 1; i <= 6; i++) {
      page.navigate(ann.door().origin() + "/chat/?as=" + LONGEST + "#one-more-room-" + i);
      assertThat(ann.find("#rooms [aria-current=true] .room-name")).hasText("one-more-room-" + i);
      assertThat(ann.find("#people li b")).hasText(LONGEST);
    }
    for (String path :
        List.of("", "chat/", "notifications/", "together/", "dashboard/", "docs/", "nope/")) {
      page.navigate(ann.door().origin() + "/" + path + "?as=" + LONGEST);
      if (ann.find("#link").count() > 0) {
        ann.awaitLive();
      }
      assertEquals(320, page.evaluate("() => document.documentElement.scrollWidth"), path);
      assertEquals(
          true,
          page.evaluate(
              "() => [...document.querySelectorAll('.screens a')]"
                  + ".every((link) => link.getBoundingClientRect().right <= innerWidth)"),
          path);
    }
    assertEquals(1, ann.forgive("status of 404"));
  }

  /** A phone, the same on its side, and a laptop's window at 200 %. */
  @Test
  void theChatKeepsItsFunctionsAtEverySize() {
    Page page = ann.page();
    ann.open("chat#sizes");
    int room = 0;
    for (int[] size : new int[][] {{390, 844}, {844, 390}, {640, 400}}) {
      page.setViewportSize(size[0], size[1]);
      assertThat(ann.find("#break")).isHidden();
      ann.find(".tools-toggle").click();
      assertThat(ann.find("#break")).isVisible();
      ann.find(".tools-toggle").click();
      ann.find("#new-room-name").fill("size-" + ++room);
      ann.find("#new-room-name").press("Enter");
      assertThat(ann.find("#room-title")).isVisible();
      assertThat(ann.find("#room-title")).hasText("size-" + room);
      assertInSight(ann.find("#rooms [data-room='chat:size-" + room + "']"), size);
      assertInSight(ann.find("#text"), size);
      ann.find("#show-people").click();
      assertThat(ann.find("#people li b")).hasText("ann");
      assertThat(ann.find("#mood")).isVisible();
      ann.find("#show-people").click();
    }
  }

  private static void assertInSight(Locator what, int[] size) {
    assertThat(what).isVisible();
    BoundingBox box = what.boundingBox();
    assertTrue(
        box.x >= 0 && box.x + box.width <= size[0] && box.y >= 0 && box.y + box.height <= size[1],
        () -> "%s: %.0f, %.0f".formatted(what, box.x + box.width, box.y + box.height));
  }

  @Test
  void edgesStandOutAndForcedColoursLeaveWhatHasAMeaning() {
    Page page = ann.page();
    for (String screen : List.of("chat", "notifications", "together", "dashboard")) {
      ann.open(screen + "#edges");
      for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        assertEquals(List.of(), page.evaluate(FAINT), screen + ' ' + scheme);
      }
      page.emulateMedia(new Page.EmulateMediaOptions().setForcedColors(ForcedColors.ACTIVE));
      assertEquals(List.of(), page.evaluate(BARE), screen);
      page.emulateMedia(new Page.EmulateMediaOptions().setForcedColors(ForcedColors.NONE));
    }
  }

  @Test
  void theNoticeOfAServerWithoutDemoStandsWithinThePage() {
    Page page = ann.page();
    page.setViewportSize(1600, 800);
    page.route("**/api/demo/token", route -> route.fulfill(ScreensIT.notFound()));
    page.navigate(ann.door().origin() + "/chat/");
    BoundingBox notice = ann.find("#closed").boundingBox();
    assertEquals(1600 - notice.x - notice.width, notice.x, 20);
    assertEquals(1, ann.forgive("status of 404"));
  }
}
