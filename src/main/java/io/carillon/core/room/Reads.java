package io.carillon.core.room;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A read of the log that several ask for at once, and only the first of them does. */
final class Reads {
  private Reads() {}

  /** Waits for what somebody else reads; throws what their read threw. */
  static <T> T join(CompletableFuture<T> theirs) {
    try {
      return theirs.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
