package io.carillon.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of what attackers try: each row is there, and each test that it names exists. */
final class SecurityRowsTest {
  private static final Pattern PROOF = Pattern.compile("`([A-Z]\\w+)#(\\w+)`");

  /** What calls of its own and libraries would need stands elsewhere. */
  private static final List<Integer> ELSEWHERE = List.of(46, 47, 52);

  private final List<String[]> rows = rows();

  private static List<String[]> rows() {
    try {
      return Files.readAllLines(Path.of("docs/security-rows.md")).stream()
          .filter(line -> line.matches("\\| \\d+ \\|.*"))
          .map(line -> line.split("\\|", -1))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyRowIsThereOnceAndSaysWhetherItHolds() {
    assertEquals(
        IntStream.rangeClosed(1, 55).boxed().filter(number -> !ELSEWHERE.contains(number)).toList(),
        rows.stream().map(row -> Integer.valueOf(row[1].strip())).toList());
    for (String[] row : rows) {
      assertEquals(7, row.length, row[1]);
      assertTrue(row[5].matches(" (holds\\b.*|(partly|open|n/a): .+) "), row[1] + row[5]);
    }
  }

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    Map<String, Path> classes;
    try (Stream<Path> walk = Files.walk(Path.of("src/test/java"))) {
      classes =
          walk.filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.endsWith("package-info.java"))
              .filter(file -> !file.toString().contains("planted"))
              .collect(
                  Collectors.toMap(
                      file -> file.getFileName().toString().replaceFirst("\\.java$", ""),
                      file -> file));
    }
    List<String> missing = new ArrayList<>();
    for (String[] row : rows) {
      Matcher proof = PROOF.matcher(row[4]);
      int named = 0;
      while (proof.find()) {
        named++;
        Path file = classes.get(proof.group(1));
        if (file == null || !isTest(Files.readString(file), proof.group(2))) {
          missing.add(row[1].strip() + ": " + proof.group());
        }
      }
      if (named == 0 && row[5].startsWith(" holds")) {
        missing.add(row[1].strip() + ": no test");
      }
    }
    assertEquals(List.of(), missing);
  }

  private static boolean isTest(String source, String method) {
    return Pattern.compile(
            "@(?:Test|ParameterizedTest)\\b(?:(?!@Test\\b|@ParameterizedTest\\b)[\\s\\S])*?\\bvoid "
                + method
                + "\\(")
        .matcher(source)
        .find();
  }
}
