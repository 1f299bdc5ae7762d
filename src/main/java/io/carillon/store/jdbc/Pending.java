package io.carillon.store.jdbc;

import io.carillon.core.ErrorCode;
import io.carillon.core.Publication;
import io.carillon.core.Rejection;
import io.carillon.core.RoomName;
import io.carillon.core.spi.AppendResult;
import io.carillon.core.spi.AppendResult.Appended;
import io.carillon.core.spi.AppendResult.NotAppended;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One publication on its way to the log. It is answered once: by its writer, or by the sweep at its
 * deadline, whichever comes first; the later answer is ignored.
 */
final class Pending {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Publication publication;
  private final long deadline;
  private final CompletableFuture<AppendResult> answer = new CompletableFuture<>();

  /** Others with the same key in the same batch: they share the first one's fate. */
  private final List<Pending> twins = new ArrayList<>(0);

  /** A call that carries it is under way. */
  private volatile boolean sent;

  /** A call that carried it was lost, so that it may be in the log. */
  private volatile boolean doubtful;

  /** Its id may be in the log already. Of the writer's thread only. */
  private boolean look;

  Pending(Publication publication, long deadline) {
    this.publication = publication;
    this.look = publication.keyed();
    this.deadline = deadline;
  }

  Publication publication() {
    return publication;
  }

  RoomName room() {
    return publication.room();
  }

  CompletableFuture<AppendResult> answer() {
    return answer;
  }

  boolean due(long now) {
    return now - deadline >= 0;
  }

  /** Whether anybody still waits for this or a twin. */
  boolean open() {
    if (!answer.isDone()) {
      return true;
    }
    for (Pending twin : twins()) {
      if (!twin.answer.isDone()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Who takes its place when its deadline has come, but not that of all its twins: the first of
   * those that still wait, with the others as its twins; null if nobody waits any longer.
   */
  @Nullable Pending heir(long now) {
    Pending heir = null;
    for (Pending twin : twins()) {
      if (twin.answer.isDone() || twin.due(now)) {
        continue;
      }
      if (heir == null) {
        heir = twin;
        heir.doubtful |= doubtful;
        heir.look |= look;
      } else {
        heir.join(twin);
      }
    }
    return heir;
  }

  /** Whether its deadline comes before that of another. */
  boolean before(Pending other) {
    return deadline - other.deadline < 0;
  }

  void join(Pending twin) {
    synchronized (twins) {
      twins.add(twin);
    }
  }

  private List<Pending> twins() {
    synchronized (twins) {
      return twins.isEmpty() ? List.of() : List.copyOf(twins);
    }
  }

  /** Marks the start of a call ({@code true}) or its definite return without a commit. */
  void sent(boolean value) {
    sent = value;
  }

  /** The call that carried it was lost. */
  void lost() {
    sent = false;
    doubtful = true;
  }

  /** Whether its id is to be looked up before it is stored. */
  boolean look() {
    return look || doubtful;
  }

  void lookNextTime() {
    look = true;
  }

  boolean doubtful() {
    return doubtful;
  }

  /**
   * Answers that it is in the log; of a key's publishes the first that still waits has put it
   * there.
   */
  void appended(String epoch, long seq, boolean duplicate) {
    boolean told = answer.complete(new Appended(epoch, seq, publication.id(), duplicate));
    for (Pending twin : twins()) {
      told |= twin.answer.complete(new Appended(epoch, seq, publication.id(), duplicate || told));
    }
  }

  /** Answers why not; what may be in the log after all is {@code unknown} instead. */
  void refuse(ErrorCode code) {
    refuseOne(code);
    for (Pending twin : twins()) {
      if (doubtful) {
        twin.doubtful = true;
      }
      twin.refuseOne(code);
    }
  }

  /** At the deadline: certain if it was never sent. */
  void expire(long now, ErrorCode unsent) {
    if (due(now)) {
      refuseOne(sent ? ErrorCode.UNKNOWN : unsent);
    }
    for (Pending twin : twins()) {
      if (twin.due(now)) {
        twin.refuseOne(sent || doubtful ? ErrorCode.UNKNOWN : unsent);
      }
    }
  }

  private void refuseOne(ErrorCode code) {
    if (answer.isDone()) {
      return;
    }
    boolean unknown = code == ErrorCode.UNKNOWN || (doubtful && code.retryable());
    answer.complete(
        new NotAppended(
            unknown
                ? new Rejection(ErrorCode.UNKNOWN, RETRY_AFTER, publication.id())
                : new Rejection(code, code.retryable() ? RETRY_AFTER : null, null)));
  }
}
