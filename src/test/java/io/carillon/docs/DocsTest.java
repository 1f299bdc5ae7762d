package io.carillon.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links lead somewhere, and tests that are called a proof exist. */
final class DocsTest {
  private static final Pattern LINK =
      Pattern.compile("\\]\\((?!https?:)([^)#\\s]+)(?:#[^)]*)?\\)|<img src=\"([^\"]+)\"");
  private static final Pattern PROOF = Pattern.compile("`([A-Z][A-Za-z0-9]+(?:Test|IT|Contract))`");
  private static final Path TESTS = Path.of("src/test/java");

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        links++;
        String target = link.group(1) == null ? link.group(2) : link.group(1);
        if (!Files.exists(page.resolveSibling(target))) {
          broken.add(page + " -> " + target);
        }
      }
    }
    assertTrue(links > 20, "found only " + links);
    assertEquals(List.of(), broken);
  }

  @Test
  void everyTestThatIsNamedAsAProofExists() throws IOException {
    Set<String> known;
    try (Stream<Path> walk = Files.walk(TESTS)) {
      known =
          walk.map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".java"))
              .map(name -> name.substring(0, name.length() - ".java".length()))
              .collect(Collectors.toSet());
    }
    Set<String> named = new TreeSet<>();
    Matcher proof = PROOF.matcher(Files.readString(Path.of("docs/guarantees.md")));
    while (proof.find()) {
      named.add(proof.group(1));
    }
    assertTrue(named.size() > 5, named::toString);
    named.removeAll(known);
    assertEquals(Set.of(), named);
  }

  @Test
  void allFifteenGuaranteesAreThere() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("docs/guarantees.md")).stream()
            .filter(line -> line.startsWith("| **G"))
            .toList();
    assertEquals(15, rows.size());
    for (String row : rows) {
      assertEquals(5, row.split("\\|", -1).length, row);
    }
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(Path.of("docs"));
        Stream<Path> root = Files.list(Path.of("."))) {
      return Stream.concat(docs, root).filter(file -> file.toString().endsWith(".md")).toList();
    }
  }
}
