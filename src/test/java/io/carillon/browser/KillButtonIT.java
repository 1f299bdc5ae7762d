package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.IsEnabledOptions;
import io.carillon.dev.KillSwitch;
import io.carillon.kit.AtLength;
import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The button of the first page, with the runner of {@code mvn -Dcarillon.instances=2} behind it: it
 * kills the instance of one of two people who talk, and counts what was lost and what came twice.
 */
final class KillButtonIT {
  private static final double LONG_MS = 90_000;
  private static final int ROUNDS = AtLength.ASKED ? 2 : 1;

  @BeforeAll
  static void aBrowser() {
    Browsers.chromium();
  }

  @Test
  @SuppressWarnings("try") // The runner acts by itself.
  void anInstanceIsKilledAndNothingIsLost() throws Exception {
    try (Cluster cluster = Cluster.neighbours();
        KillSwitch runner = new KillSwitch(cluster.servers(), LibertyServer::start);
        FrontDoor door = new FrontDoor(List.of());
        Visitor ann = new Visitor(door, "ann")) {
      LibertyServer victim = cluster.server(1);
      ann.page().navigate(cluster.server(0).uri("/?as=ann").toString());
      Locator button = ann.find("#kill");
      Locator people = ann.find("#duet-people > section");
      for (int round = 1; round <= ROUNDS; round++) {
        assertThat(button).isEnabled(new IsEnabledOptions().setTimeout(LONG_MS));
        assertThat(people.nth(0).locator(".duet-head"))
            .containsText("live at port " + port(cluster, 0));
        assertThat(people.nth(1).locator(".duet-head"))
            .containsText("live at port " + port(cluster, 1));
        long before = victim.pid();
        button.click();
        assertThat(ann.find("#kill-words"))
            .containsText("was killed", new ContainsTextOptions().setTimeout(LONG_MS));
        assertThat(ann.find("#duet-count"))
            .containsText(24 * round + " messages stored, 0 lost, 0 doubled.");
        assertThat(people.nth(0).locator("[data-seq]")).hasCount(24 * round);
        assertThat(people.nth(1).locator("[data-seq]")).hasCount(24 * round);
        assertThat(ann.find("#kill-words"))
            .containsText("is there again", new ContainsTextOptions().setTimeout(LONG_MS));
        assertNotEquals(before, victim.pid());
      }
      assertEquals(List.of(), ann.complaintsBeyondTheNetwork());
    }
  }

  private static int port(Cluster cluster, int index) {
    return cluster.server(index).port();
  }
}
