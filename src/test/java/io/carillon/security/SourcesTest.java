package io.carillon.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be seen without running anything: features, words of SQL, types chosen by data. */
final class SourcesTest {
  private static final Path SERVER = Path.of("src/main/liberty/config/server.xml");

  /** A string that begins a statement, and then goes on with something that is no string. */
  private static final Pattern CONCATENATED =
      Pattern.compile(
          "\"\\s*(?:SELECT|INSERT|UPDATE|DELETE|CALL|CREATE|ALTER|DROP|NOTIFY|LISTEN|SET|GRANT"
              + "|LOCK|TRUNCATE)\\b[^\"]*\"(?:\\s*\\+\\s*\"[^\"]*\")*\\s*\\+\\s*(\\w[\\w.()]*)");

  @Test
  void theServerHasTheseFeaturesAndNoOthers() throws IOException {
    Set<String> features = new TreeSet<>();
    String config = Files.readString(SERVER);
    Matcher feature = Pattern.compile("<feature>([^<]+)</feature>").matcher(config);
    while (feature.find()) {
      features.add(feature.group(1));
    }
    assertEquals(
        new TreeSet<>(
            List.of(
                "servlet-6.1",
                "websocket-2.2",
                "restfulWS-4.0",
                "cdi-4.1",
                "jsonb-3.0",
                "jsonp-2.1",
                "jdbc-4.3",
                "persistence-3.2",
                "concurrent-3.1",
                "mpConfig-3.1",
                "mpHealth-4.0",
                "mpMetrics-5.1",
                "mpOpenAPI-4.1",
                "transportSecurity-1.0")),
        features);
  }

  @Test
  void noPasswordHasADefaultButNone() throws IOException {
    Matcher password =
        Pattern.compile("name=\"[^\"]*password\" defaultValue=\"([^\"]*)\"")
            .matcher(Files.readString(SERVER));
    int count = 0;
    while (password.find()) {
      count++;
      assertEquals("", password.group(1));
    }
    assertTrue(count >= 2, "found only " + count);
    assertFalse(Files.readString(SERVER).contains("<basicRegistry"));
  }

  /**
   * Constants aside, two: the name of a role, which the migrator has checked against a pattern, and
   * a mark that the server makes of a random number.
   */
  @Test
  void noStatementIsPutTogetherFromValues() throws IOException {
    TreeMap<String, String> found = new TreeMap<>();
    for (Path file : sources()) {
      Matcher statement = CONCATENATED.matcher(Files.readString(file));
      while (statement.find()) {
        if (!statement.group(1).matches("[A-Z_]+")) {
          found.put(file.getFileName() + ": " + statement.group(1), statement.group());
        }
      }
    }
    assertEquals(
        Set.of("Migrator.java: role", "SessionCheck.java: mark"), found.keySet(), found::toString);
  }

  @Test
  void noTypeOfJsonIsChosenByData() throws IOException {
    for (Path file : sources()) {
      String source = Files.readString(file);
      for (String word :
          List.of("JsonbTypeInfo", "JsonTypeInfo", "ObjectInputStream", "Class.forName(")) {
        // The server's own classes, by the names of their files, before anybody is let in.
        boolean known = word.startsWith("Class") && file.endsWith("Preload.java");
        assertFalse(source.contains(word) && !known, () -> file + " has " + word);
      }
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> walk = Files.walk(Path.of("src/main/java"))) {
      return walk.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
