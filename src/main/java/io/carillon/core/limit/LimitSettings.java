package io.carillon.core.limit;

import java.util.Map;
import java.util.Set;

/**
 * Settings of all limits.
 *
 * @param rates of the limits that bound a rate; one that is missing is off
 * @param counts of the others, likewise
 * @param exempt users, such as services, whom no limit by user applies to
 */
public record LimitSettings(
    Map<Limit, Rate> rates, Map<Limit, Integer> counts, Set<String> exempt) {
  /** No limit at all. */
  public static final LimitSettings NONE = new LimitSettings(Map.of(), Map.of(), Set.of());

  /** Copies. */
  public LimitSettings {
    rates = Map.copyOf(rates);
    counts = Map.copyOf(counts);
    exempt = Set.copyOf(exempt);
  }
}
