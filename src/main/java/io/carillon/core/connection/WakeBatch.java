package io.carillon.core.connection;

/**
 * Batched wake-up of the writers of many connections. Code that gives frames to many of them does
 * so within {@link #during}: handing them over one by one would wake a thread for each.
 */
@FunctionalInterface
public interface WakeBatch {
  /** Gathers nothing: every writer begins at once. */
  WakeBatch NONE = Runnable::run;

  /**
   * Runs {@code work} on the calling thread. Connections that get something to write from this
   * thread meanwhile are handed to their writers when it has ended, in any way. What is called
   * within another call belongs to the outer one.
   *
   * @param work should not block, for nothing of what it gives is written before it has ended
   */
  void during(Runnable work);
}
