package io.carillon.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import java.util.List;
import java.util.regex.Pattern;

/** What a screen reader is told of a page: the tree that the browser makes for it. */
final class ReaderTree {
  private static final Pattern NAMELESS =
      Pattern.compile(
          "^\\s*-"
              + " (button|link|textbox|searchbox|combobox|checkbox|spinbutton|dialog|img|region|navigation)(?!"
              + " \").*$");

  private ReaderTree() {}

  /** There is one main part, one banner and one first heading, and everything has a name. */
  static void hasPartsAndNames(Page page) {
    String address = page.url();
    String tree = page.locator("body").ariaSnapshot();
    List<String> nameless = tree.lines().filter(line -> NAMELESS.matcher(line).matches()).toList();
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
