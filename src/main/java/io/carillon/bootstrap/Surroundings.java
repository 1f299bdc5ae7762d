package io.carillon.bootstrap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/**
 * Check of the process's surroundings (settings, file limit, clocks), with warnings for the log.
 */
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

  /** From here on clocks are worth a line. */
  private static final Duration CLOCKS_APART = Duration.ofSeconds(5);

  private Surroundings() {}

  /** Everything that is worth a line. */
  static List<String> warnings(Config config, Settings settings) {
    List<String> warnings = new ArrayList<>();
    for (String name : unknown(config.getPropertyNames())) {
      warnings.add("the setting " + name + " is not known and has no effect");
    }
    if (!settings.security().demo()) {
      files(Descriptors.most(), settings.connections().connections()).ifPresent(warnings::add);
    }
    return warnings;
  }

  /**
   * Too few open files.
   *
   * @param most the limit; negative: not known
   * @param connections how many connections there may be
   */
  static Optional<String> files(long most, int connections) {
    if (most < 0 || most >= (long) connections + FILES_BESIDES) {
      return Optional.empty();
    }
    return Optional.of(
        "this process may have "
            + most
            + " open files, too few for carillon.connections.max ("
            + connections
            + "): raise the limit (LimitNOFILE) or lower the setting");
  }

  /**
   * Clocks that are apart. It does no harm, for times are the database's, but it confuses readers
   * of logs.
   *
   * @param ahead by how much the database's is ahead of this machine's
   */
  static Optional<String> clocks(Duration ahead) {
    return ahead.abs().compareTo(CLOCKS_APART) <= 0
        ? Optional.empty()
        : Optional.of(
            "the clock of the database is ahead of this machine's by "
                + ahead
                + ": one of them is wrong");
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
}
