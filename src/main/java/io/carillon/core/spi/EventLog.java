package io.carillon.core.spi;

import io.carillon.core.Event;
import io.carillon.core.Publication;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Event log of all rooms: append-only, with a sequence number per room. */
public interface EventLog extends LogReads {
  /**
   * Queues a publication for the next commit and returns at once. Publications of one room are
   * appended in the order of the calls. The future never completes exceptionally and completes
   * after the commit (durably) or with the reason why not, at the latest at the log's own deadline;
   * it may complete on a writer's thread, so what depends on it must be short.
   */
  CompletableFuture<AppendResult> append(Publication publication);

  /**
   * Sets the listener to this instance's own commits. Called once, before the first append.
   *
   * @param listener gets committed events in {@code seq} order per room, on a writer's thread; must
   *     be short and never throw
   */
  void onCommit(CommitListener listener);

  /** Listener to this instance's own commits. */
  @FunctionalInterface
  interface CommitListener {
    /**
     * These events are durable.
     *
     * @param events per room in ascending order without a hole among them; empty if everything that
     *     was appended was there before
     * @param answer completes the futures of these appends; the listener runs it once, on this
     *     thread, after it has passed the events on
     */
    void committed(List<Event> events, Runnable answer);
  }
}
