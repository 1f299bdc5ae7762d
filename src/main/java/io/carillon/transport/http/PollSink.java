package io.carillon.transport.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.carillon.core.CloseCode;
import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.connection.Carrier;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameSink;
import io.carillon.protocol.PageFormat;
import io.carillon.protocol.PageFrame;
import io.carillon.transport.request.RequestEnd;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Sink of one poll: answers as soon as its page is complete, or with what is there when the time is
 * up. Thread-safe, for the time may be up while a batch comes in.
 */
final class PollSink implements FrameSink {
  private final ReentrantLock lock = new ReentrantLock();
  private final boolean waits;
  private final PageFormat format;
  private final AsyncResponse answer;
  private final RequestEnd end;
  private final long seconds;

  @GuardedBy("lock")
  private final PollPage page;

  @GuardedBy("lock")
  private boolean answered;

  private volatile @Nullable Connection connection;
  private volatile @Nullable Future<?> timeUp;

  /**
   * Makes a sink that waits for its connection.
   *
   * @param page of the answer, empty
   * @param waits false: answer at once, even with nothing
   * @param end of the request that is answered
   * @param seconds how long it waits, for the answer's header
   */
  PollSink(
      PollPage page,
      boolean waits,
      PageFormat format,
      AsyncResponse answer,
      RequestEnd end,
      long seconds) {
    this.page = page;
    this.waits = waits;
    this.format = format;
    this.answer = answer;
    this.end = end;
    this.seconds = seconds;
  }

  /** Says whose carrier this is. */
  void serve(Connection served) {
    connection = served;
  }

  /** Says what will call {@link #timeUp}, to be cancelled when that is no longer needed. */
  void until(Future<?> timer) {
    timeUp = timer;
    lock.lock();
    try {
      if (!answered) {
        return;
      }
    } finally {
      lock.unlock();
    }
    timer.cancel(false);
  }

  @Override
  public Carrier carrier() {
    return new Carrier("poll", end.address());
  }

  @Override
  public void write(List<Frame> frames, Written done) {
    boolean enough;
    lock.lock();
    try {
      for (Frame frame : frames) {
        if (!answered) {
          page.add((PageFrame) frame);
        }
      }
      enough = page.complete(waits);
    } finally {
      lock.unlock();
    }
    if (enough) {
      respond(ErrorCode.OVERLOADED);
    }
    done.ended(true);
  }

  /** The wait is over. */
  void timeUp() {
    respond(ErrorCode.STORAGE);
  }

  /**
   * Answers, unless that is done.
   *
   * @param nothingKnown the error if the log could not be asked yet where the rooms stand: a page
   *     without a position of its own would send the reader back to the beginning
   */
  private void respond(ErrorCode nothingKnown) {
    String json;
    lock.lock();
    try {
      if (answered) {
        return;
      }
      answered = true;
      json = page.json(format);
    } finally {
      lock.unlock();
    }
    if (json == null) {
      answer.resume(new RefusedException(nothingKnown));
      endConnection();
      return;
    }
    Response.ResponseBuilder response = EventReader.json(json);
    if (seconds > 0) {
      response.header("Preference-Applied", "wait=" + seconds);
    }
    answer.resume(response.build());
    endConnection();
  }

  /** The request is answered in another way: nothing is left to do here, least of all a timer. */
  void abandon() {
    finish();
    forgetTime();
  }

  /** The request is over; unless it was answered, nobody waits for the answer any more. */
  void vanished() {
    Connection served = connection;
    if (finish() && served != null) {
      served.gone();
    }
    forgetTime();
  }

  /** False: it was answered already. */
  private boolean finish() {
    lock.lock();
    try {
      boolean mine = !answered;
      answered = true;
      return mine;
    } finally {
      lock.unlock();
    }
  }

  private void endConnection() {
    forgetTime();
    Connection served = connection;
    if (served != null) {
      EventReader.end(served);
    }
  }

  private void forgetTime() {
    Future<?> timer = timeUp;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  @Override
  public void close(CloseCode code, Farewell farewell, Runnable closed) {
    end.then(closed);
    if (finish()) {
      forgetTime();
      answer.resume(
          new RefusedException(
              switch (code) {
                case TOKEN_EXPIRED, UNAUTHENTICATED, KICKED -> ErrorCode.UNAUTHENTICATED;
                case FORBIDDEN -> ErrorCode.FORBIDDEN;
                default -> ErrorCode.OVERLOADED;
              }));
    }
  }
}
