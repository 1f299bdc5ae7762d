package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many tabs of one browser without WebSocket: HTTP/1.1 gives all of them six connections. */
final class TabsIT extends BrokenNetwork {
  private static final int TABS = 8;
  private static final String STREAM = "#link[data-state=live][data-transport=sse]";

  @Test
  void allTabsAreLiveAndServed() {
    ann.door().upgrades(false);
    List<Page> tabs = new ArrayList<>();
    for (int i = 0; i < TABS; i++) {
      Page tab = ann.context().newPage();
      tab.navigate(ann.door().origin() + "/chat/?as=ann#tabs");
      assertThat(tab.locator("#link[data-state=live]")).hasCount(1);
      tabs.add(tab);
    }
    assertEquals(4, tabs.stream().filter(tab -> tab.locator(STREAM).count() == 1).count());

    Page last = tabs.getLast();
    last.locator("#text").fill("from the last");
    last.locator("#text").press("Enter");
    for (Page tab : tabs) {
      assertThat(tab.locator(Chat.SHOWN)).hasText(new String[] {"from the last"});
    }
  }
}
