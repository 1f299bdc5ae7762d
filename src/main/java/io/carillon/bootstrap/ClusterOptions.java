package io.carillon.bootstrap;

import java.util.List;
import org.eclipse.microprofile.config.Config;

/** Part of the list of settings that is about the other instances; see {@link Options#ALL}. */
final class ClusterOptions {
  static final Option<String> URL =
      Option.url(
          "carillon.cluster.url",
          "Where the other instances reach this one, to hand it polls of sessions that it holds; if"
              + " empty, http at its port and carillon.host or, if that is all addresses, the one"
              + " from which it reaches the database");
  static final Option<Integer> FORWARDS =
      Option.number(
          "carillon.cluster.forwards",
          5000,
          0,
          50_000,
          "Most polls at a time that this instance hands to those which hold the sessions, a TCP"
              + " connection each; 0: none");

  static final List<Option<?>> ALL = List.of(URL, FORWARDS);

  private ClusterOptions() {}

  static Settings.Neighbourhood read(Config config) {
    return new Settings.Neighbourhood(URL.of(config), FORWARDS.of(config));
  }
}
