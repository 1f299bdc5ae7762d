package io.carillon.observability;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Gauges of which a test looks at some. */
final class GaugeSamples {
  private GaugeSamples() {}

  static InstanceGauges of(LongSupplier rooms, LongSupplier bytes, BooleanSupplier listening) {
    return new InstanceGauges(
        rooms,
        bytes,
        () -> 0,
        listening,
        () -> 4096,
        () -> 7,
        () -> 0.25,
        () -> 3,
        () -> 1.5,
        new InstanceGauges.BackplaneSums(() -> 1, () -> 2, () -> 3, () -> 4, () -> 5, () -> 6));
  }
}
