package io.carillon.faults.fault;

import io.carillon.faults.Plan;
import io.carillon.faults.checker.Expectations;
import io.carillon.faults.checker.Rule;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** One line of the fault matrix: how to break, and how to heal. */
public interface Fault {
  /** Its name in the matrix, for example {@code F1}. */
  String id();

  /** What it does, in a few words. */
  String what();

  /** Who is there meanwhile. */
  default Plan plan() {
    return Plan.usual();
  }

  /** How many instances it needs. */
  default int instances() {
    return 3;
  }

  /** Environment variables of the instances; a fault with some gets instances of its own. */
  default Map<String, String> settings() {
    return Map.of();
  }

  /** True if it leaves the database or the instances in a state that others cannot use. */
  default boolean alone() {
    return false;
  }

  /** What is excused; by default nothing: no loss, and nobody is told to begin anew. */
  default Expectations expectations() {
    return Expectations.strict();
  }

  /** For a planted bug: the rule by which the checker must name it. */
  default Optional<Rule> planted() {
    return Optional.empty();
  }

  /** For a planted bug that the fault's own checks must name: a word of what they say. */
  default Optional<String> plantedFailure() {
    return Optional.empty();
  }

  /**
   * Breaks and heals for so long; when it returns everything is healed, though not yet back.
   *
   * @param scene what to break, and where to write that down
   */
  void run(Scene scene, Duration length) throws Exception;
}
