package io.carillon.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Log of the instance's readiness for the operator: one line when it becomes ready, one when it no
 * longer is, with the checks that fail. At the server's level AUDIT, which its console shows and
 * {@link System.Logger} does not have.
 */
final class Readiness {
  private static final Logger LOG = Logger.getLogger("io.carillon");
  private static final Level AUDIT = audit();

  /** The failing checks during a drain of a healthy instance. */
  private static final List<String> GOING = List.of("accepting");

  private final Supplier<List<String>> missing;
  private final Supplier<String> greeting;
  private final List<String> told = new ArrayList<>(List.of("start"));
  private boolean greeted;

  /**
   * Creates a log.
   *
   * @param missing names of the failing checks; empty: ready
   * @param greeting rest of the first line
   */
  Readiness(Supplier<List<String>> missing, Supplier<String> greeting) {
    this.missing = missing;
    this.greeting = greeting;
  }

  /** Logs a change since the last call; by one thread at a time. */
  void look() {
    List<String> now = missing.get();
    if (now.equals(told)) {
      return;
    }
    if (now.isEmpty()) {
      LOG.log(AUDIT, "Carillon is ready{0}", greeted ? " again" : ": " + greeting.get());
      greeted = true;
    } else if (now.equals(GOING)) {
      LOG.log(AUDIT, "Carillon is going away and no longer ready");
    } else if (greeted) {
      LOG.log(Level.WARNING, "Carillon is not ready, for want of: {0}", String.join(", ", now));
    }
    told.clear();
    told.addAll(now);
  }

  /** Between WARNING and INFO; known where the server's own classes have made it. */
  private static Level audit() {
    try {
      return Level.parse("AUDIT");
    } catch (IllegalArgumentException elsewhere) {
      return Level.INFO;
    }
  }
}
