package io.carillon.core.room;

import io.carillon.core.Cursor;
import io.carillon.core.ErrorCode;
import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.HistoryPage;
import io.carillon.core.HistoryQuery;
import io.carillon.core.RefusedException;
import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import io.carillon.core.spi.EventLog;
import io.carillon.core.spi.LogPage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reader of history pages, always from the log and never from the rooms' memory. Concurrency is
 * bounded, so that history leaves database connections to joins and replays.
 */
final class Histories {
  private final EventLog log;
  private final JoinLimiter limiter;

  Histories(EventLog log, JoinLimiter limiter) {
    this.log = log;
    this.limiter = limiter;
  }

  /**
   * Reads a page.
   *
   * @param bytes approximate bound of the page; it has at least one event if there is any
   * @throws io.carillon.core.RefusedException {@code overloaded} beyond the bound of concurrent
   *     reads
   */
  HistoryPage page(HistoryQuery query, int bytes) {
    limiter.enter();
    try {
      return read(query, bytes);
    } finally {
      limiter.leave();
    }
  }

  /**
   * Reads one event.
   *
   * @throws RefusedException {@code not_found} if there is none of this number, not yet or no more;
   *     {@code overloaded} if too many ask at a time
   */
  Event event(RoomName room, long seq) {
    limiter.enter();
    try {
      List<Event> events = log.after(room, seq - 1, 1).events();
      if (events.isEmpty() || events.getFirst().seq() != seq) {
        throw new RefusedException(ErrorCode.NOT_FOUND);
      }
      return events.getFirst();
    } finally {
      limiter.leave();
    }
  }

  private HistoryPage read(HistoryQuery query, int bytes) {
    if (query.before() != null) {
      return before(query, query.before(), bytes);
    }
    if (query.last() > 0) {
      LogPage page =
          log.before(query.room(), Long.MAX_VALUE, Math.min(query.last(), query.limit()));
      List<Event> events = latest(page.events(), bytes);
      return new HistoryPage(events, page.head().cursor(), page.head().cursor(), null, null);
    }
    return query.since() == null
        ? after(query, query.after(), bytes)
        : since(query, query.since(), bytes);
  }

  private HistoryPage after(HistoryQuery query, @Nullable Cursor after, int bytes) {
    LogPage page = log.after(query.room(), after == null ? 0 : after.seq(), query.limit());
    Head head = page.head();
    if (after != null) {
      Resync resync = judge(query.room(), after, head);
      if (resync != null) {
        return broken(head, resync);
      }
      if (!page.events().isEmpty() && page.events().getFirst().seq() != after.seq() + 1) {
        return broken(head, resync(query.room(), Resync.Reason.EXPIRED, head));
      }
    }
    return forwards(page, bytes);
  }

  /**
   * A page from an instant; without a resync, for the caller held no cursor that could have
   * expired.
   */
  private HistoryPage since(HistoryQuery query, Instant since, int bytes) {
    Cursor at = log.at(query.room(), since);
    return forwards(log.after(query.room(), at.seq(), query.limit()), bytes);
  }

  private static HistoryPage forwards(LogPage page, int bytes) {
    Head head = page.head();
    List<Event> events = earliest(page.events(), bytes);
    if (events.isEmpty()) {
      return new HistoryPage(events, head.cursor(), head.cursor(), null, null);
    }
    Cursor end = events.getLast().cursor();
    return new HistoryPage(events, end, head.cursor(), end.seq() < head.seq() ? end : null, null);
  }

  private HistoryPage before(HistoryQuery query, Cursor before, int bytes) {
    LogPage page = log.before(query.room(), before.seq(), query.limit());
    Head head = page.head();
    Resync resync = judge(query.room(), before, head);
    if (resync != null && resync.reason() != Resync.Reason.EXPIRED) {
      return broken(head, resync);
    }
    List<Event> events = latest(page.events(), bytes);
    if (events.isEmpty()) {
      return new HistoryPage(events, head.floorCursor(), head.cursor(), null, null);
    }
    Event first = events.getFirst();
    boolean more = first.seq() - 1 > head.floor();
    return new HistoryPage(
        events, events.getLast().cursor(), head.cursor(), more ? first.cursor() : null, null);
  }

  private static List<Event> earliest(List<Event> events, int bytes) {
    return events.subList(0, fitting(events, bytes));
  }

  private static List<Event> latest(List<Event> events, int bytes) {
    return events.subList(events.size() - fitting(events.reversed(), bytes), events.size());
  }

  /** Number of leading events within the size; at least one if there is any. */
  private static int fitting(List<Event> events, int bytes) {
    int count = 0;
    long size = 0;
    for (Event event : events) {
      size += event.weight();
      if (count > 0 && size > bytes) {
        break;
      }
      count++;
    }
    return count;
  }

  private @Nullable Resync judge(RoomName room, Cursor cursor, Head head) {
    return switch (ResumeDecision.judge(cursor, head, epoch -> log.fork(room, epoch))) {
      case ResumeDecision.From from -> null;
      case ResumeDecision.NeedsResync lost -> resync(room, lost.reason(), head);
    };
  }

  private static Resync resync(RoomName room, Resync.Reason reason, Head head) {
    return new Resync(room, reason, head.cursor(), head.floorCursor());
  }

  private static HistoryPage broken(Head head, Resync resync) {
    return new HistoryPage(List.of(), head.cursor(), head.cursor(), null, resync);
  }
}
