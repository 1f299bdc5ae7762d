package io.carillon.transport.http;

import io.carillon.core.CloseCode;
import io.carillon.core.Cursor;
import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Carrier;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.Farewell;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameSink;
import io.carillon.protocol.CursorList;
import io.carillon.protocol.PageFormat;
import io.carillon.protocol.PageFrame;
import io.carillon.protocol.RoomCursor;
import io.carillon.transport.request.RequestEnd;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Answers one poll: with the first batch that holds anything, or with nothing when the time is up.
 * Thread-safe, for the time may be up while a batch comes in.
 */
final class PollSink implements FrameSink {
  private final ReentrantLock lock = new ReentrantLock();
  private final List<RoomName> rooms;
  private final int limit;
  private final boolean waits;
  private final PageFormat format;
  private final AsyncResponse answer;
  private final RequestEnd end;
  private final long seconds;
  private final List<String> events = new ArrayList<>();
  private final List<String> resyncs = new ArrayList<>();
  private final CursorList position;
  private final CursorList heads;
  private final Set<RoomName> owed = new HashSet<>();
  private boolean begun;
  private boolean full;
  private boolean ended;
  private boolean answered;
  private volatile @Nullable Connection connection;
  private volatile @Nullable Future<?> timeUp;

  /**
   * Makes a sink that waits for its connection.
   *
   * @param asked where the reader is in those rooms where it said so
   * @param limit how many events the answer holds at most
   * @param waits false: answer at once, even with nothing
   * @param end of the request that is answered
   * @param seconds how long it waits, for the answer's header
   */
  PollSink(
      List<RoomName> rooms,
      List<RoomCursor> asked,
      int limit,
      boolean waits,
      PageFormat format,
      AsyncResponse answer,
      RequestEnd end,
      long seconds) {
    this.rooms = rooms;
    this.limit = limit;
    this.waits = waits;
    this.format = format;
    this.answer = answer;
    this.end = end;
    this.seconds = seconds;
    this.position = new CursorList(rooms);
    position.advance(asked);
    this.heads = new CursorList(rooms);
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
        take((PageFrame) frame);
      }
      enough = ended || !events.isEmpty() || !resyncs.isEmpty() || (!waits && atHead());
    } finally {
      lock.unlock();
    }
    if (enough) {
      respond(ErrorCode.OVERLOADED);
    }
    done.ended(true);
  }

  private void take(PageFrame frame) {
    if (answered || (full && frame.kind() != PageFrame.Kind.RESYNC)) {
      return;
    }
    switch (frame.kind()) {
      case BEGIN -> {
        begun = true;
        frame.heads().forEach(room -> owed.add(room.room()));
        frame.positions().forEach(room -> owed.remove(room.room()));
      }
      case OTHER -> {}
      case RESYNC -> {
        // No events after it: one of the same room could not be told from one before.
        resyncs.add(frame.json());
        frame.positions().forEach(room -> owed.remove(room.room()));
        full = true;
      }
      case EVENT -> {
        if (events.size() == limit) {
          full = true;
          return;
        }
        events.add(frame.json());
      }
      case END -> ended = true;
    }
    position.advance(frame.positions());
    heads.advance(frame.heads());
    if (frame.kind() == PageFrame.Kind.EVENT) {
      frame.positions().forEach(this::raiseHead);
    }
  }

  /** An event may lie beyond the head that the poll began with. */
  private void raiseHead(RoomCursor event) {
    Cursor head = heads.at(rooms.indexOf(event.room()));
    if (!head.epoch().equals(event.cursor().epoch()) || head.seq() < event.cursor().seq()) {
      heads.advance(List.of(event));
    }
  }

  private boolean atHead() {
    if (!owed.isEmpty()) {
      return false;
    }
    for (int i = 0; i < rooms.size(); i++) {
      if (position.at(i).seq() < heads.at(i).seq()) {
        return false;
      }
    }
    return true;
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
    String page = null;
    lock.lock();
    try {
      if (answered) {
        return;
      }
      answered = true;
      if (begun) {
        String cursor = position.toString();
        String next = full || !atHead() ? cursor : null;
        page = format.page(events, resyncs, cursor, heads.toString(), next);
      }
    } finally {
      lock.unlock();
    }
    if (page == null) {
      answer.resume(new RefusedException(nothingKnown));
      endConnection();
      return;
    }
    Response.ResponseBuilder response = EventReader.json(page);
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
