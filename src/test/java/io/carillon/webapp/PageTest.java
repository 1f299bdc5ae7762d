package io.carillon.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages keep to a strict content security policy, and everything that they load is there. */
final class PageTest {
  private static final Path ROOT = Path.of("src/main/webapp");

  /** What would let text become markup or code, or would not run under the policy. */
  private static final List<Pattern> FORBIDDEN =
      Stream.of(
              "<script(?![^>]*\\ssrc=)[^>]*>",
              "<style[\\s>]",
              "<[^>]*\\sstyle\\s*=",
              "<[^>]*\\son[a-z]+\\s*=",
              "javascript:",
              "\\.(inner|outer)HTML",
              "insertAdjacentHTML",
              "document\\.write",
              "\\beval\\s*\\(",
              "new\\s+Function\\b",
              "setAttribute\\(\\s*['\"]on")
          .map(Pattern::compile)
          .toList();

  private static final Pattern MODULE = Pattern.compile("<script src=\"([^\"]+)\" type=\"module\"");

  private static final Pattern PRELOAD =
      Pattern.compile("<link rel=\"modulepreload\" href=\"([^\"]+)\"");

  private static final Pattern IMPORT = Pattern.compile("(?m)^import [^;]*?from '([^']+)';");

  private static final Pattern REFERENCE =
      Pattern.compile("(?:src=\"|<link[^>]*href=\"|from ')([^\"']+)[\"']");

  @Test
  void nothingInlineAndNoMarkupFromText() throws IOException {
    List<Path> files = files();
    assertTrue(files.size() > 5, files::toString);
    for (Path file : files) {
      assertEquals(List.of(), offences(Files.readString(file)), file::toString);
    }
  }

  @Test
  void theCheckFindsWhatItLooksFor() {
    for (String planted :
        List.of(
            "<script>alert(1)</script>",
            "<script type=\"module\">x</script>",
            "<p style=\"color:red\">",
            "<img src=x onerror=alert(1)>",
            "<a href=\"javascript:x\">",
            "body.innerHTML = text;",
            "eval(text)")) {
      assertFalse(offences(planted).isEmpty(), planted);
    }
  }

  @Test
  void everythingThatIsLoadedIsServedFromHere() throws IOException {
    List<String> references = new ArrayList<>();
    for (Path file : files()) {
      Matcher matcher = REFERENCE.matcher(Files.readString(file));
      while (matcher.find()) {
        String reference = matcher.group(1);
        Path wanted = ROOT.relativize(file.resolveSibling(reference).normalize());
        references.add(wanted.toString());
        assertTrue(Files.exists(file.resolveSibling(reference)), file + " loads " + reference);
      }
    }
    assertTrue(references.contains("carillon.js"), references::toString);
  }

  /** Else a page is there only after as many round trips as its imports are deep. */
  @Test
  void everyModuleOfAPageIsAskedForAtOnce() throws IOException {
    int pages = 0;
    for (Path page : files()) {
      Matcher begins = MODULE.matcher(Files.readString(page));
      if (page.toString().endsWith(".html") && begins.find()) {
        pages++;
        Set<Path> needed = new TreeSet<>();
        addImports(page.resolveSibling(begins.group(1)).normalize(), needed);
        Set<Path> asked = new TreeSet<>();
        PRELOAD
            .matcher(Files.readString(page))
            .results()
            .forEach(found -> asked.add(page.resolveSibling(found.group(1)).normalize()));
        assertEquals(needed, asked, page::toString);
      }
    }
    assertTrue(pages >= 5, "pages with modules: " + pages);
  }

  /** The client is served as one file. */
  private static void addImports(Path module, Set<Path> all) throws IOException {
    if (!module.equals(ROOT.resolve("carillon.js"))) {
      Matcher imported = IMPORT.matcher(Files.readString(module));
      while (imported.find()) {
        Path next = module.resolveSibling(imported.group(1)).normalize();
        if (all.add(next)) {
          addImports(next, all);
        }
      }
    }
  }

  private static List<String> offences(String text) {
    return FORBIDDEN.stream()
        .map(pattern -> pattern.matcher(text))
        .filter(Matcher::find)
        .map(Matcher::group)
        .toList();
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> walk = Files.walk(ROOT)) {
      return walk.filter(file -> file.toString().matches(".*\\.(html|js|svg|css)")).toList();
    }
  }
}
