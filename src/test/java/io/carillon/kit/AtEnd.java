package io.carillon.kit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;

/**
 * What must be stopped when this JVM ends, last started first: servers before the database under
 * them. (Separate shutdown hooks would race.)
 */
public final class AtEnd {
  private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(AtEnd::closeAll, "at-end"));
  }

  private AtEnd() {}

  /** Closes this before everything that was given earlier. */
  public static synchronized void close(AutoCloseable resource) {
    OPEN.push(resource);
  }

  /**
   * Starts what the tests of this JVM share, and closes it at the end.
   *
   * @throws IllegalStateException if it does not start
   */
  public static <T extends AutoCloseable> T shared(Callable<T> start) {
    try {
      T started = start.call();
      close(started);
      return started;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (Exception e) {
      throw new IllegalStateException("what the tests share did not start", e);
    }
  }

  private static synchronized void closeAll() {
    // Nobody looks at how they end, and this JVM is given half a minute.
    LibertyServer.killAll();
    while (!OPEN.isEmpty()) {
      try {
        OPEN.pop().close();
      } catch (Exception e) {
        System.err.println("At the end of the tests: " + e);
      }
    }
  }
}
