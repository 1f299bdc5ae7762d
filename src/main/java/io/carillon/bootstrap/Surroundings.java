package io.carillon.bootstrap;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/** What around this process an operator may have meant otherwise: told at the start, once. */
final class Surroundings {
  /** Read by {@code server.xml} alone; the rest is in {@link Options}. */
  static final Set<String> SERVER =
      Set.of(
          "carillon.https.port",
          "carillon.max.connections",
          "carillon.metrics.authentication",
          "carillon.database.pool",
          "carillon.database.application.pool",
          "carillon.migration.user",
          "carillon.migration.password",
          "carillon.keystore.file");

  /** Besides connections: the pool, the log, jars, and what is accepted and closed meanwhile. */
  private static final int FILES_BESIDES = 1000;

  private Surroundings() {}

  /** Everything that is worth a line. */
  static List<String> warnings(Config config, Settings settings) {
    List<String> warnings = new ArrayList<>();
    for (String name : unknown(config.getPropertyNames())) {
      warnings.add("the setting " + name + " is not known and has no effect");
    }
    if (!settings.security().demo()) {
      long files = mostFiles();
      int wanted = settings.connections().connections();
      if (files >= 0 && files < (long) wanted + FILES_BESIDES) {
        warnings.add(
            "this process may have "
                + files
                + " open files, too few for carillon.connections.max ("
                + wanted
                + "): raise the limit (LimitNOFILE) or lower the setting");
      }
    }
    return warnings;
  }

  /** Names of ours, in either spelling, that mean nothing. */
  static Set<String> unknown(Iterable<String> names) {
    Set<String> known =
        Stream.concat(Options.ALL.stream().map(Option::name), SERVER.stream())
            .collect(Collectors.toSet());
    Set<String> variables = known.stream().map(Surroundings::variable).collect(Collectors.toSet());
    Set<String> unknown = new TreeSet<>();
    for (String name : names) {
      boolean property = name.startsWith("carillon.");
      boolean variable = name.startsWith("CARILLON_");
      if ((property && !known.contains(name)) || (variable && !variables.contains(name))) {
        unknown.add(name);
      }
    }
    return unknown;
  }

  private static String variable(String name) {
    return name.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** The limit of open files; negative where the system does not tell. */
  private static long mostFiles() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : -1;
  }
}
