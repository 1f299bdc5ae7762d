package io.carillon.kit.client;

import java.util.concurrent.atomic.AtomicInteger;

/** Names of rooms that no other test uses. */
public final class RoomNames {
  private static final String RUN = Long.toString(System.nanoTime(), 36);
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private RoomNames() {}

  /** A room of one's own in a namespace of the tests. */
  public static String fresh() {
    return "it:" + RUN + '-' + NUMBER.incrementAndGet();
  }
}
