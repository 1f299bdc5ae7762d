package io.carillon.transport.http;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.Cursor;
import io.carillon.core.Delivery;
import io.carillon.core.ErrorCode;
import io.carillon.core.HistoryQuery;
import io.carillon.core.Identity;
import io.carillon.core.Lessee;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.Connections;
import io.carillon.core.connection.Liveness;
import io.carillon.core.connection.PageWriter;
import io.carillon.core.limit.Limit;
import io.carillon.core.limit.Limits;
import io.carillon.core.room.Rooms;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.UncheckedPrincipal;
import io.carillon.protocol.PageFormat;
import io.carillon.protocol.RoomCursor;
import io.carillon.protocol.StreamFormat;
import io.carillon.transport.request.RequestEnd;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Serves events over HTTP: pages, polls and streams. Thread-safe. */
public final class EventReader {
  /** A poll that would not wait gets what is there; reading that must end some time too. */
  private static final long AT_ONCE_SECONDS = 5;

  private final Connections connections;
  private final Rooms rooms;
  private final PageFormat pages;
  private final StreamFormat streams;
  private final Executor writers;
  private final ScheduledExecutorService timer;
  private final RandomGenerator random;
  private final ReaderSettings settings;
  private final PageWriter pageWriter;
  private final Limits limits;

  /**
   * The bounds of streams and polls.
   *
   * @param comment how often an idle stream gets a comment
   * @param streamAge how long a stream may live
   * @param leastRetry the least time a client is told to wait before it comes back to a stream
   * @param mostRetry the most of that
   * @param longestWait upper bound of a poll's wait; not longer than a lease of presence lives
   */
  public record ReaderSettings(
      Duration comment,
      Duration streamAge,
      Duration leastRetry,
      Duration mostRetry,
      Duration longestWait) {
    /** 15 seconds, 5 minutes, 1 to 3 seconds, 25 seconds. */
    public static final ReaderSettings DEFAULTS =
        new ReaderSettings(
            Duration.ofSeconds(15),
            Duration.ofMinutes(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            Duration.ofSeconds(25));
  }

  /**
   * Takes what is needed.
   *
   * @param writers runs the writes, which block for up to ten seconds: give virtual threads
   * @param pageWriter writes history
   * @param timer ends the waits of polls; it only starts what then runs on a writer
   * @param random spreads the times at which clients come back
   * @param limits of history, polls and the joins of streams
   */
  public EventReader(
      Connections connections,
      Rooms rooms,
      PageFormat pages,
      StreamFormat streams,
      Executor writers,
      PageWriter pageWriter,
      ScheduledExecutorService timer,
      RandomGenerator random,
      ReaderSettings settings,
      Limits limits) {
    this.limits = limits;
    this.connections = connections;
    this.rooms = rooms;
    this.pages = pages;
    this.streams = streams;
    this.writers = writers;
    this.timer = timer;
    this.random = random;
    this.settings = settings;
    this.pageWriter = pageWriter;
  }

  /**
   * One room's events: a stream if that is preferred, a long poll if the request says where it is
   * and that it would wait, else a page of history.
   */
  void room(HttpServletRequest request, AsyncResponse answer, String room) {
    guarded(
        answer,
        () -> {
          if (answeredAsNobody(request)) {
            return;
          }
          Params params = Params.ofRoom(request, room);
          OptionalInt wait = params.preferredWait();
          if (Accept.prefersStream(request)) {
            stream(request, params, answer);
          } else if (wait.isPresent() && params.position() != null) {
            poll(request, params, wait.getAsInt(), answer);
          } else {
            Identity who = params.identity();
            HistoryQuery query = params.history();
            limits.take(Limit.HISTORY_USER, params.visitor(), 1);
            request.getAsyncContext().setTimeout(0);
            pageWriter.answer(
                () -> pages.page(rooms.history(who, query)),
                page -> answer.resume(json(page).build()),
                answer::resume);
          }
        });
  }

  /** Several rooms' events: a stream if that is preferred, else a poll. */
  void rooms(HttpServletRequest request, AsyncResponse answer, Supplier<Params> parse) {
    guarded(
        answer,
        () -> {
          if (answeredAsNobody(request)) {
            return;
          }
          Params params = parse.get();
          if (Accept.prefersStream(request)) {
            stream(request, params, answer);
          } else {
            poll(request, params, params.preferredWait().orElse(0), answer);
          }
        });
  }

  private void poll(
      HttpServletRequest request, Params params, int askedSeconds, AsyncResponse answer) {
    request.getAsyncContext().setTimeout(0);
    long seconds = Math.min(askedSeconds, settings.longestWait.toSeconds());
    List<Command.Join> joins = params.pollJoins();
    Lessee lessee = params.lessee();
    limits.take(Limit.POLLS_USER, params.visitor(), 1);
    RequestEnd end = RequestEnd.of(request.getAsyncContext(), params.visitor().address());
    PollSink sink =
        new PollSink(
            new PollPage(params.rooms(), asked(joins), params.limit()),
            seconds > 0,
            pages,
            answer,
            end,
            seconds);
    Connection connection =
        connections.open(params.identity(), pages.encoder(), sink, writers, Liveness.NONE);
    sink.serve(connection);
    end.then(sink::vanished);
    try {
      rooms.membership().renew(lessee, params.rooms());
      sink.until(timeUp(sink, seconds > 0 ? seconds : AT_ONCE_SECONDS));
      rooms.stream(connection, joins);
    } catch (RuntimeException e) {
      sink.abandon();
      connection.gone();
      throw e;
    }
  }

  /**
   * Not the time-out of the answer itself: RESTEasy looks up a managed executor for each, and what
   * it schedules there is kept until it is due.
   */
  private Future<?> timeUp(PollSink sink, long seconds) {
    return timer.schedule(() -> writers.execute(sink::timeUp), seconds, TimeUnit.SECONDS);
  }

  private static List<RoomCursor> asked(List<Command.Join> joins) {
    List<RoomCursor> cursors = new ArrayList<>();
    for (Command.Join join : joins) {
      Cursor after = join.after();
      if (after != null) {
        cursors.add(new RoomCursor(join.room(), after));
      }
    }
    return cursors;
  }

  private void stream(HttpServletRequest request, Params params, AsyncResponse answer) {
    List<Command.Join> joins = params.streamJoins();
    Lessee lessee = params.lessee();
    if (request.getMethod().equals("HEAD")) {
      answer.resume(Response.ok().type(streams.mediaType()).build());
      return;
    }
    AsyncContext carrier = request.getAsyncContext();
    carrier.setTimeout(0);
    Duration retry = retry();
    RequestEnd end = RequestEnd.of(carrier, params.visitor().address());
    StreamSink sink = new StreamSink(carrier, end, streams, params.rooms(), retry);
    try {
      begin(params, joins, lessee, sink, end);
    } catch (RefusedException refused) {
      if (!refused.rejection().code().retryable()) {
        throw refused;
      }
      sink.refuse(goodbye(refused.rejection(), retry));
    } catch (LogUnavailableException unavailable) {
      sink.refuse(goodbye(Rejection.of(ErrorCode.STORAGE), retry));
    }
  }

  /** Nothing is served to who could not be judged now; true: it was told to come back. */
  private boolean answeredAsNobody(HttpServletRequest request) {
    if (!(request.getUserPrincipal() instanceof UncheckedPrincipal nobody)) {
      return false;
    }
    if (!Accept.prefersStream(request)) {
      throw new RefusedException(nobody.rejection());
    }
    Duration retry = retry();
    AsyncContext carrier = request.getAsyncContext();
    new StreamSink(carrier, RequestEnd.of(carrier), streams, List.of(), retry)
        .refuse(goodbye(nobody.rejection(), retry));
    return true;
  }

  private Duration retry() {
    long spread = settings.mostRetry.minus(settings.leastRetry).toMillis();
    return settings.leastRetry.plusMillis(random.nextLong(spread + 1));
  }

  private void begin(
      Params params, List<Command.Join> joins, Lessee lessee, StreamSink sink, RequestEnd end) {
    limits.take(Limit.JOINS_USER, params.visitor(), joins.size());
    Liveness liveness = new Liveness(settings.comment, false, settings.streamAge);
    Connection connection =
        connections.open(params.identity(), streams.encoder(), sink, writers, liveness);
    end.then(connection::gone);
    try {
      rooms.stream(connection, joins);
      if (!lessee.client().isEmpty()) {
        rooms.membership().hold(connection, lessee, params.rooms());
      }
    } catch (RuntimeException e) {
      sink.abandon();
      connection.gone();
      throw e;
    }
  }

  /** Any status but 200 would make a browser's EventSource give up for ever. */
  private Delivery.Goodbye goodbye(Rejection rejection, Duration retry) {
    Duration after = rejection.retryAfter();
    return new Delivery.Goodbye(connections.reason(rejection), after == null ? retry : after);
  }

  /** The one place where exceptions end: the mappers of the API answer them. */
  static void guarded(AsyncResponse answer, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      answer.resume(e);
    }
  }

  /** The beginning of an answer with JSON. */
  static Response.ResponseBuilder json(String body) {
    return Response.ok(body, "application/json")
        .header("Cache-Control", "no-store")
        .header("X-Accel-Buffering", "no");
  }

  /** What ends a connection whose request is over is told once, by the first thread that comes. */
  static void end(Connection connection) {
    connection.close(CloseCode.NORMAL, "answered");
  }
}
