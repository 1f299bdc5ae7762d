package io.carillon.core.room;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Up to where readers of old epochs of one room may go on in the current one. That never changes,
 * so it is read once for everybody who comes back after a failover. Thread-safe; who waits for
 * another's read holds no lock.
 */
final class Forks {
  /** Anybody can make epochs up; what is known is forgotten then, and nothing worse. */
  private static final int MOST = 16;

  private final ConcurrentHashMap<Way, CompletableFuture<OptionalLong>> known =
      new ConcurrentHashMap<>();

  private record Way(String from, String to) {}

  /**
   * Where the way from one epoch to another forks off; blocks.
   *
   * @param to the epoch of the head
   * @param read reads it
   */
  OptionalLong of(String from, String to, Supplier<OptionalLong> read) {
    if (known.size() >= MOST) {
      known.clear();
    }
    Way way = new Way(from, to);
    CompletableFuture<OptionalLong> mine = new CompletableFuture<>();
    CompletableFuture<OptionalLong> theirs = known.putIfAbsent(way, mine);
    if (theirs != null) {
      return Reads.join(theirs);
    }
    try {
      OptionalLong fork = read.get();
      mine.complete(fork);
      return fork;
    } catch (Throwable e) {
      known.remove(way, mine);
      mine.completeExceptionally(e);
      throw e;
    }
  }
}
