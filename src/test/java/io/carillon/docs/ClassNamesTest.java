package io.carillon.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Classes that the pages for newcomers name exist, in the package that is named with them. */
final class ClassNamesTest {
  private static final Pattern CODE = Pattern.compile("```\\n(.*?)```|`([^`]+)`", Pattern.DOTALL);

  /** Perhaps a package, a class, perhaps a member of it: {@code core.room.Rooms}, {@code A.b}. */
  private static final Pattern NAME =
      Pattern.compile("((?:[a-z]+[./])*)\\b([A-Z][a-z]+[A-Za-z]*)(?:\\.([A-Za-z]+))?(?![\\w-])");

  /** Words of the picture that are no classes. */
  private static final Set<String> WORDS = Set.of("PostgreSQL", "WebSocket");

  private final Map<String, Path> classes;

  ClassNamesTest() throws IOException {
    try (Stream<Path> main = Files.walk(Path.of("src/main/java/io/carillon"));
        Stream<Path> test = Files.walk(Path.of("src/test/java/io/carillon/architecture"))) {
      classes =
          Stream.concat(main, test)
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> !file.endsWith("package-info.java"))
              .filter(file -> !file.toString().contains("planted"))
              .collect(Collectors.toMap(ClassNamesTest::simpleName, file -> file));
    }
  }

  private static String simpleName(Path file) {
    return file.getFileName().toString().replaceFirst("\\.java$", "");
  }

  @Test
  void theArchitectureNamesClassesThatExist() throws IOException {
    Set<String> unknown = new TreeSet<>();
    int named = unknown(Files.readString(Path.of("docs/architecture.md")), unknown);
    assertTrue(named > 50, "found only " + named);
    assertEquals(Set.of(), unknown);
  }

  @Test
  void theTenClassesToReadFirstExist() throws IOException {
    String page = Files.readString(Path.of("CONTRIBUTING.md"));
    int from = page.indexOf("## Read these ten classes first");
    int next = page.indexOf("\n## ", from);
    String section = page.substring(from, next < 0 ? page.length() : next);
    Set<String> unknown = new TreeSet<>();
    int named = unknown(section, unknown);
    assertTrue(named >= 10, "found only " + named);
    assertEquals(Set.of(), unknown);
  }

  @Test
  void aNameThatDoesNotExistIsFound() throws IOException {
    Set<String> unknown = new TreeSet<>();
    unknown("`Rooms.publish` `core/room/Rooms` `Roms` `api.Rooms` `Rooms.publsh`", unknown);
    assertEquals(Set.of("Roms", "Rooms.publsh", "api.Rooms"), unknown);
  }

  /** Adds the names that lead nowhere; how many names there are. */
  private int unknown(String page, Set<String> unknown) throws IOException {
    int named = 0;
    Matcher code = CODE.matcher(page);
    while (code.find()) {
      Matcher name = NAME.matcher(code.group(1) == null ? code.group(2) : code.group(1));
      while (name.find()) {
        if (!WORDS.contains(name.group(2))) {
          named++;
          if (!exists(name.group(1), name.group(2), name.group(3))) {
            unknown.add(name.group());
          }
        }
      }
    }
    return named;
  }

  private boolean exists(String place, String name, @Nullable String member) throws IOException {
    Path file = classes.get(name);
    return file != null
        && file.getParent().toString().endsWith(place.replaceAll("[./]", "/").replaceAll("/$", ""))
        && (member == null
            || Pattern.compile("\\b" + member + "\\b").matcher(Files.readString(file)).find());
  }
}
