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

  /** Its deadline has come, and it is answered now. */
  private volatile boolean expired;

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
    if (waits()) {
      return true;
    }
    for (Pending twin : twins()) {
      if (twin.waits()) {
        return true;
      }
    }
    return false;
  }

  private boolean waits() {
    return !expired && !answer.isDone();
  }

  /**
   * The publication that takes its place when its deadline has come but not that of all its twins:
   * the first twin that still waits, with the others as its twins; null if none waits.
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

  /**
   * Marks the start of a call that carries it. False if it has expired: its caller was told that it
   * is not in the log, so it must not be sent.
   */
  synchronized boolean send() {
    sent = open();
    return sent;
  }

  /** The call that carried it returned, definitely without a commit. */
  synchronized void unsent() {
    sent = false;
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

  /**
   * Answers what is past its deadline: with this code if it was never sent, and then it never is;
   * else {@code unknown}.
   */
  void expire(long now, ErrorCode unsent) {
    List<Pending> over = new ArrayList<>(0);
    boolean maybe;
    synchronized (this) {
      maybe = sent;
      if (waits() && due(now)) {
        over.add(this);
      }
      for (Pending twin : twins()) {
        if (twin.waits() && twin.due(now)) {
          over.add(twin);
        }
      }
      over.forEach(one -> one.expired = true);
    }
    for (Pending one : over) {
      boolean unknown = maybe || (one != this && doubtful);
      one.refuseOne(unknown ? ErrorCode.UNKNOWN : unsent);
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
