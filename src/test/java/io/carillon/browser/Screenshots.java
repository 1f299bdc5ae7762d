package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.options.ColorScheme;
import io.carillon.dev.KillSwitch;
import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.client.Calls;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Takes the pictures of the README: every screen in both colour schemes and on a phone. {@code mvn
 * -Pscreenshots}; the first argument is the folder to write to.
 */
final class Screenshots {
  private static final List<String> SCREENS =
      List.of("chat", "notifications", "together", "dashboard");

  private static final String CONSOLE = "console";

  /** For a server to start. */
  private static final double LONG_MS = 90_000;

  private final Path folder;
  private final BrowserStage stage;

  private Screenshots(Path folder, BrowserStage stage) {
    this.folder = folder;
    this.stage = stage;
  }

  /** Runs until all pictures are taken, which takes some two minutes: charts need a past. */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createDirectories(Path.of(args[0]));
    int status = 1;
    try {
      new Screenshots(folder, BrowserStage.shared()).take();
      status = 0;
    } catch (Exception | AssertionError e) {
      System.err.println("The pictures could not be taken: " + e);
    }
    // The browser's connection has threads of its own.
    System.exit(status);
  }

  private void take() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient();
        Visitor bob = new Visitor(stage.door(1), "bob");
        Visitor carol = new Visitor(stage.door(1), "carol")) {
      fill(http);
      bob.open("dashboard");
      bob.find("#busy").check();
      carol.open("chat");
      carol.find("#mood").selectOption("busy");
      for (String screen : SCREENS) {
        if (screen.equals("dashboard")) {
          bob.page().waitForTimeout(75_000);
        }
        take(screen, "light", desktop(ColorScheme.LIGHT), carol);
        take(screen, "dark", desktop(ColorScheme.DARK), carol);
        take(screen, "phone", phone(), carol);
      }
      take(CONSOLE, "light", desktop(ColorScheme.LIGHT), carol);
    }
    firstPage();
  }

  /** Two people, one of whose instances has just been killed. */
  @SuppressWarnings("try") // The runner acts by itself.
  private void firstPage() throws Exception {
    try (Cluster cluster = Cluster.neighbours();
        KillSwitch runner = new KillSwitch(cluster.servers(), LibertyServer::start);
        FrontDoor door = new FrontDoor(List.of())) {
      for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        try (Visitor ann = new Visitor(door, "ann", desktop(scheme))) {
          ann.page().navigate(cluster.server(0).uri("/?as=ann").toString());
          ann.find("#kill").click(new Locator.ClickOptions().setTimeout(LONG_MS));
          assertThat(ann.find("#kill-words")).containsText("killed");
          assertThat(ann.find("#duet-count")).containsText("24 messages stored, 0 lost");
          shoot(ann, "first-page-%s.png".formatted(scheme.name().toLowerCase(Locale.ROOT)));
          assertThat(ann.find("#kill-words"))
              .containsText("again", new ContainsTextOptions().setTimeout(LONG_MS));
        }
      }
    }
  }

  private void shoot(Visitor visitor, String name) {
    Path file = folder.resolve(name);
    visitor.page().screenshot(new Page.ScreenshotOptions().setPath(file));
    System.out.println(file);
  }

  private void take(String screen, String look, Browser.NewContextOptions options, Visitor other) {
    try (Visitor ann = new Visitor(stage.door(0), "ann", options)) {
      if (screen.equals(CONSOLE)) {
        ann.page().navigate(ann.door().origin() + "/console/?as=olga#connections");
        assertThat(ann.find("#content tbody tr")).not().hasCount(0);
        assertThat(ann.find("#status[data-state=live]")).hasCount(1);
      } else {
        ann.open(screen);
      }
      switch (screen) {
        case "chat" -> chat(ann, other);
        case "together" -> together(ann, other);
        default -> ann.page().waitForTimeout(1_500);
      }
      shoot(ann, "%s-%s.png".formatted(screen, look));
    }
  }

  private static void chat(Visitor ann, Visitor carol) {
    assertThat(ann.find(".message")).not().hasCount(0);
    assertThat(ann.find("#people li")).not().hasCount(1);
    carol.find("#text").fill("");
    carol.find("#text").pressSequentially("I am on my w");
    assertThat(ann.find("#typing")).not().hasText("");
  }

  private static void together(Visitor ann, Visitor carol) {
    carol.open("together");
    assertThat(ann.find(".note")).not().hasCount(0);
    assertThat(carol.find(".note")).not().hasCount(0);
    Locator card = carol.find("[data-column=doing] .note").first();
    card.hover();
    carol.page().mouse().move(620, 520);
    card.hover();
    assertThat(ann.find(".cursor")).hasCount(1);
    ann.page().waitForTimeout(400);
  }

  private void fill(HttpClient http) {
    Calls ann = stage.calls(http, "ann");
    Calls bob = stage.calls(http, "bob");
    Calls carol = stage.calls(http, "carol");
    Calls shop = stage.calls(http, "shop");
    say(bob, "lobby", "Morning! Is the concert still on for Sunday?");
    say(carol, "lobby", "Yes, at four. The rehearsal went well.");
    say(carol, "lobby", "One thing is left: the rope in the second tower.");
    say(ann, "lobby", "I can look at it before lunch.");
    say(
        bob,
        "lobby",
        "Thank you. My train was in a tunnel for ten minutes, and nothing got lost: what I wrote"
            + " in there arrived once, and in its place.");
    say(ann, "lobby", "Then the tunnel was a good test.");
    say(carol, "kitchen", "Coffee is ready");
    notify(shop, "Your order has been shipped", "It should be with you on Monday.");
    notify(bob, "Bob has invited you", "To the board of the bell tower");
    notify(shop, "Payment received", "€ 128.00 for order 1042");
    String[][] cards = {
      {"Tune the tenor bell", "todo"},
      {"Order a new rope for the second tower", "todo"},
      {"Ask the choir about Sunday", "todo"},
      {"Write the notes for the visitors", "doing"},
      {"Grease the bearings", "doing"},
      {"Check the clapper of the third bell", "done"}
    };
    List<Calls> people = List.of(ann, bob, carol);
    for (int i = 0; i < cards.length; i++) {
      people
          .get(i % 3)
          .publish(
              "together:board",
              "card.added",
              "{\"id\":\"card%d\",\"text\":\"%s\",\"column\":\"%s\",\"order\":%d}"
                  .formatted(i, cards[i][0], cards[i][1], i));
    }
  }

  private static void say(Calls by, String room, String text) {
    by.publish("chat:" + room, "message", "{\"text\":\"" + text + "\"}");
  }

  private static void notify(Calls by, String title, String body) {
    by.publish(
        "notify:ann", "notification", "{\"title\":\"%s\",\"body\":\"%s\"}".formatted(title, body));
  }

  private static Browser.NewContextOptions desktop(ColorScheme scheme) {
    return new Browser.NewContextOptions().setViewportSize(1200, 760).setColorScheme(scheme);
  }

  private static Browser.NewContextOptions phone() {
    return new Browser.NewContextOptions()
        .setViewportSize(360, 740)
        .setDeviceScaleFactor(2)
        .setIsMobile(true)
        .setHasTouch(true)
        .setColorScheme(ColorScheme.LIGHT);
  }
}
