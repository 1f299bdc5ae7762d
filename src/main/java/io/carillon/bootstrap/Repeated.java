package io.carillon.bootstrap;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A complaint that is tried again and again: said when it is new, and from time to time. */
final class Repeated {
  private final Duration again;
  private final LongSupplier nanos;
  private @Nullable String last;
  private long said;

  Repeated(Duration again, LongSupplier nanos) {
    this.again = again;
    this.nanos = nanos;
  }

  /** Whether these words are worth a line now; if so they count as said. */
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
