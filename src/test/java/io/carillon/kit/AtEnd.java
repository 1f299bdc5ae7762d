package io.carillon.kit;

import java.util.ArrayDeque;
import java.util.Deque;

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

  private static synchronized void closeAll() {
    while (!OPEN.isEmpty()) {
      try {
        OPEN.pop().close();
      } catch (Exception e) {
        System.err.println("At the end of the tests: " + e);
      }
    }
  }
}
