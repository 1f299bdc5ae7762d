package io.carillon.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Somebody with a browser of their own, one page of it, and a note of all that went wrong in it.
 */
final class Visitor implements AutoCloseable {
  private static final double PATIENCE_MS = 15_000;

  private final BrowserContext context;
  private final Page page;
  private final FrontDoor door;
  private final String name;
  private final List<String> complaints = new ArrayList<>();

  /** Comes in by this door; the name is the user's. */
  Visitor(FrontDoor door, String name) {
    this(door, name, new Browser.NewContextOptions().setViewportSize(1280, 860));
  }

  Visitor(FrontDoor door, String name, Browser.NewContextOptions options) {
    this.door = door;
    this.name = name;
    this.context = Browsers.chromium().newContext(options);
    this.page = context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.text() + " at " + message.location());
          }
        });
    page.onPageError(error -> complaints.add("uncaught: " + error));
  }

  /** Somebody who has the demo's cookie and no page yet. */
  static Visitor signedIn(FrontDoor door, String name) {
    Visitor visitor = new Visitor(door, name);
    RequestOptions who = RequestOptions.create().setData(Map.of("user", name));
    visitor.page.request().post(door.origin() + "/api/demo/token", who);
    return visitor;
  }

  /** Opens a screen and waits until it is live. */
  Visitor open(String screen) {
    String hash = screen.contains("#") ? screen.substring(screen.indexOf('#')) : "";
    String path = screen.substring(0, screen.length() - hash.length());
    page.navigate(door.origin() + "/" + path + "/?as=" + name + hash);
    awaitLive();
    return this;
  }

  void awaitLive() {
    assertThat(page.locator("#link[data-state=live]")).hasCount(1, within(PATIENCE_MS));
  }

  /** Waits until the page says that it is live over this transport. */
  void awaitTransport(String transport, double ms) {
    assertThat(page.locator("#link[data-state=live][data-transport=" + transport + "]"))
        .hasCount(1, within(ms));
  }

  Page page() {
    return page;
  }

  BrowserContext context() {
    return context;
  }

  String name() {
    return name;
  }

  FrontDoor door() {
    return door;
  }

  Locator find(String selector) {
    return page.locator(selector);
  }

  /** The texts of all elements, as they stand on the page. */
  List<String> texts(String selector) {
    return page.locator(selector).allTextContents();
  }

  /** What the console and uncaught errors said so far. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Takes the complaints off that contain this text; returns how many they were. */
  int forgive(String text) {
    int before = complaints.size();
    complaints.removeIf(complaint -> complaint.contains(text));
    return before - complaints.size();
  }

  /** The same without what a browser says of every request that a broken network fails. */
  List<String> complaintsBeyondTheNetwork() {
    Predicate<String> network =
        text ->
            text.contains("net::ERR_")
                || text.contains("WebSocket connection to")
                || text.contains("status of 502")
                || text.contains("status of 503");
    return complaints.stream().filter(network.negate()).toList();
  }

  /** Waits until a page shows what it shows at first: live where it can be, and not empty. */
  void awaitShown() {
    if (find("#link").count() > 0) {
      awaitLive();
    } else if (find("#status").count() > 0) {
      assertThat(find("#status[data-state=live]")).hasCount(1);
    }
    if (find("#view").count() > 0) {
      assertThat(find("#content")).not().isEmpty();
    }
  }

  @Override
  public void close() {
    context.close();
  }

  private static LocatorAssertions.HasCountOptions within(double ms) {
    return new LocatorAssertions.HasCountOptions().setTimeout(ms);
  }
}
