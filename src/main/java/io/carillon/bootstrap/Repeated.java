package io.carillon.bootstrap;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Suppression of repeated log lines: a new complaint is logged, the same one again from time to
 * time.
 */
final class Repeated {
  private final Duration again;
  private final LongSupplier nanos;

  @GuardedBy("this")
  private @Nullable String last;

  @GuardedBy("this")
  private long said;

  Repeated(Duration again, LongSupplier nanos) {
    this.again = again;
    this.nanos = nanos;
  }

  /** Whether this text is to be logged now; if so it counts as logged. */
  synchronized boolean worth(String words) {
    long now = nanos.getAsLong();
    if (words.equals(last) && now - said < again.toNanos()) {
      return false;
    }
    last = words;
    said = now;
    return true;
  }
}
