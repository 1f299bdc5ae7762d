package io.carillon.faults.checker;

import io.carillon.faults.simulation.Simulation;
import java.time.Duration;
import java.util.Map;

/** What is expected of the simulation. */
final class Expected {
  private Expected() {}

  static Expectations of(boolean lossy) {
    Expectations expected =
        Expectations.strict()
            .allowingResyncs("expired", "epoch", "ahead")
            .withLate(Duration.ofSeconds(2))
            .withRecover(Duration.ofSeconds(15))
            .exempting(Simulation.sleepers())
            .withGrowth(Map.of("descriptors", new Growth(20, 0), "threads", new Growth(0, 0.1)));
    return lossy ? expected.allowingLoss() : expected;
  }
}
