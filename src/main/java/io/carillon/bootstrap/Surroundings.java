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
          "carillon.max.connections",
          "carillon.metrics.authentication",
          "carillon.database.pool",
          "carillon.database.application.pool",
          "carillon.migration.user",
          "carillon.migration.password",
          "carillon.keystore.file");

  /** Files besides connections: the pool, the log, jars, and sockets being closed. */
  private static final int FILES_BESIDES = 1000;

  /** Difference of clocks from which a warning is logged. */
  private static final Duration CLOCKS_APART = Duration.ofSeconds(5);

  private Surroundings() {}

  /** All warnings. */
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
   * Warning of a low limit of open files.
   *
   * @param most the limit; negative: not known
   * @param connections limit of connections
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
   * Warning of clocks that differ. It does no harm, since times are the database's, but confuses
   * readers of logs.
   *
   * @param ahead offset of the database's clock from this machine's
   */
  static Optional<String> clocks(Duration ahead) {
    return ahead.abs().compareTo(CLOCKS_APART) <= 0
        ? Optional.empty()
        : Optional.of(
            "the clock of the database is ahead of this machine's by "
                + ahead
                + ": one of them is wrong");
  }

  /** Unknown {@code carillon} properties, in either spelling. */
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
