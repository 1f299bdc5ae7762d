package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.Driver;

/** The classes that are read at the start. */
class PreloadTest {
  private static final String ROOT = "/WEB-INF/classes/";

  /** The compiled classes, as an application would hold them. */
  private static @Nullable Set<String> list(String directory) {
    File[] files = new File("target/classes/" + directory.substring(ROOT.length())).listFiles();
    if (files == null) {
      return null;
    }
    Set<String> paths = new HashSet<>();
    for (File file : files) {
      paths.add(directory + file.getName() + (file.isDirectory() ? "/" : ""));
    }
    return paths;
  }

  @Test
  void allOfOursAreFoundAndLoadedNestedOnesToo() {
    List<String> names = Preload.names(PreloadTest::list);
    assertTrue(
        names.containsAll(
            List.of(
                "io.carillon.bootstrap.Preload",
                "io.carillon.core.presence.MemberAggregate$Diff",
                "io.carillon.core.presence.Leases$Hold")));
    Set<String> asked = new HashSet<>();
    ClassLoader recording =
        new ClassLoader(PreloadTest.class.getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            asked.add(name);
            return super.loadClass(name, resolve);
          }
        };
    assertEquals(names.size(), Preload.load(names, recording));
    assertTrue(asked.containsAll(names));
  }

  @Test
  void theWholeDriverIsLoaded() {
    int loaded = Preload.archiveOf(Driver.class);
    assertTrue(loaded > 400, () -> loaded + " classes");
    assertEquals(0, Preload.archiveOf(String.class));
  }

  @Test
  void aClassThatIsNotThereEndsNothing() {
    assertEquals(
        1,
        Preload.load(
            List.of("io.carillon.None", "io.carillon.bootstrap.Preload"),
            PreloadTest.class.getClassLoader()));
    assertEquals(List.of(), Preload.names(directory -> null));
  }
}
