package io.carillon.bootstrap;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * Eager class loading. A class that is first needed when the process has no file descriptor left
 * cannot be read, and the JVM remembers the failure for ever: the place that needed it fails each
 * time, also when there are descriptors again. So all our classes are loaded at the start, those of
 * the PostgreSQL driver, and what the metrics need at the first sample of a timer.
 */
final class Preload {
  private static final System.Logger LOG = System.getLogger(Preload.class.getName());
  private static final String CLASSES = "/WEB-INF/classes/";
  private static final String SUFFIX = ".class";

  /** Needed when the greatest sample of a timer is first kept, by the container's library. */
  private static final List<String> METRICS =
      List.of(
          "io.micrometer.core.instrument.util.TimeUtils",
          "io.micrometer.core.instrument.util.TimeUtils$1");

  private Preload() {}

  /** Loads what the metrics of the container load late. */
  static int metrics(Object registry) {
    return load(METRICS, registry.getClass().getClassLoader());
  }

  /**
   * Loads all classes of the archive that a class came from.
   *
   * @return how many; 0 if it came from none
   */
  static int archiveOf(Class<?> one) {
    CodeSource source = one.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return 0;
    }
    try (JarFile archive = new JarFile(Path.of(source.getLocation().toURI()).toFile())) {
      List<String> names =
          archive.stream()
              .map(JarEntry::getName)
              .filter(name -> name.endsWith(SUFFIX) && !name.startsWith("META-INF/"))
              .map(Preload::className)
              .toList();
      return load(names, one.getClassLoader());
    } catch (IOException | URISyntaxException | IllegalArgumentException unread) {
      LOG.log(Level.DEBUG, () -> one.getName() + ": its archive was not read: " + unread);
      return 0;
    }
  }

  /**
   * The names of all classes below our package.
   *
   * @param list content of a directory of the application, as {@code
   *     ServletContext.getResourcePaths} gives it: directories end with a slash
   */
  static List<String> names(Function<String, @Nullable Set<String>> list) {
    List<String> names = new ArrayList<>();
    collect(CLASSES + "io/carillon/", list, names);
    return names;
  }

  private static void collect(
      String directory, Function<String, @Nullable Set<String>> list, List<String> names) {
    Set<String> paths = list.apply(directory);
    if (paths == null) {
      return;
    }
    for (String path : paths) {
      if (path.endsWith("/")) {
        collect(path, list, names);
      } else if (path.endsWith(SUFFIX) && !path.endsWith("package-info.class")) {
        names.add(className(path.substring(CLASSES.length())));
      }
    }
  }

  /** The name of the class in a file, whose path is that of the class's package. */
  private static String className(String file) {
    return file.substring(0, file.length() - SUFFIX.length()).replace('/', '.');
  }

  /** Loads classes without initializing them; a class that cannot be loaded is skipped. */
  static int load(Collection<String> names, ClassLoader loader) {
    int loaded = 0;
    for (String name : names) {
      try {
        Class.forName(name, false, loader);
        loaded++;
      } catch (ClassNotFoundException | LinkageError absent) {
        LOG.log(Level.DEBUG, () -> name + " was not loaded: " + absent);
      }
    }
    return loaded;
  }
}
