package io.carillon.core.spi;

import io.carillon.core.Event;
import io.carillon.core.Publication;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The truth about every room: an append-only log with a sequence number per room. */
public interface EventLog extends LogReads {
  /**
   * Queues a publication for the next commit and returns at once. Publications of one room are
   * appended in the order of the calls. The future never completes exceptionally and completes
   * after the commit (durably) or with the reason why not, at the latest at the log's own deadline;
   * it may complete on a writer's thread, so what depends on it must be short.
   */
  CompletableFuture<AppendResult> append(Publication publication);

  /**
   * Who is told about this instance's own commits. Called once, before the first append.
   *
   * @param listener gets committed events in {@code seq} order per room, on a writer's thread,
   *     before their futures complete; must be short and never throw
   */
  void onCommit(CommitListener listener);

  /** Told about own commits. */
  @FunctionalInterface
  interface CommitListener {
    /** These events are durable; per room in ascending order without a hole among them. */
    void committed(List<Event> events);

    /**
     * Runs, on the calling thread, the telling of one commit and the completion of its futures;
     * what the listener does with both it may finish together, at the end.
     */
    default void during(Runnable settling) {
      settling.run();
    }
  }
}
