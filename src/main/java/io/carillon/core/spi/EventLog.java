package io.carillon.core.spi;

import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.Publication;
import io.carillon.core.RoomName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * The truth about every room: an append-only log with a sequence number per room. All reads block
 * and are meant for virtual threads; they throw {@link LogUnavailableException} when the log cannot
 * be reached.
 */
public interface EventLog {
  /**
   * Queues a publication for the next commit and returns at once. Publications of one room are
   * appended in the order of the calls. The future never completes exceptionally and completes
   * after the commit (durably) or with the reason why not, at the latest at the log's own deadline;
   * it may complete on a writer's thread, so what depends on it must be short.
   */
  CompletableFuture<AppendResult> append(Publication publication);

  /**
   * The heads of these rooms, read afresh in one query; rooms without events are absent. Creates
   * nothing.
   */
  Map<RoomName, Head> heads(Collection<RoomName> rooms);

  /**
   * Events with {@code seq > after} in ascending order, read in one snapshot together with the
   * head; at most {@code limit} of them and at most about 1 MiB, and fewer where days without an
   * event lie between, but at least one if there is any. If the first is not {@code after + 1} the
   * events between were removed.
   */
  LogPage after(RoomName room, long after, int limit);

  /** The last {@code limit} events with {@code seq < before}, in ascending order; else as above. */
  LogPage before(RoomName room, long before, int limit);

  /**
   * The greatest {@code seq} of an older epoch from which a reader may continue in the current one
   * (the smallest fork on the way); empty if the room never had that epoch.
   */
  OptionalLong fork(RoomName room, String epoch);

  /** Names of rooms that begin with the prefix, in order, beginning after {@code from}. */
  List<RoomName> rooms(String prefix, String from, int limit);

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
