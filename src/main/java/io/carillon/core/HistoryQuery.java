package io.carillon.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Query for a page of a room's log. At most one of {@code after}, {@code before}, {@code since} and
 * {@code last} is given; with none of them the page begins with the oldest retained event. Pages
 * are always in ascending order.
 *
 * @param room which room
 * @param after events after this position
 * @param before events before this position ({@code seq <} that of the cursor)
 * @param since events at or after this instant of database time, as far as they are retained
 * @param last the last n events; 0 if not asked for
 * @param limit 1–{@value #MAX_LIMIT}
 */
public record HistoryQuery(
    RoomName room,
    @Nullable Cursor after,
    @Nullable Cursor before,
    @Nullable Instant since,
    int last,
    int limit) {
  /** The page size when none is asked for. */
  public static final int DEFAULT_LIMIT = 100;

  /** The greatest page size. */
  public static final int MAX_LIMIT = 1000;

  /**
   * Checks that at most one of the positions is given and the limit is in its range.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_FRAME} otherwise
   */
  public HistoryQuery {
    int given =
        (after == null ? 0 : 1)
            + (before == null ? 0 : 1)
            + (since == null ? 0 : 1)
            + (last == 0 ? 0 : 1);
    if (given > 1 || limit < 1 || limit > MAX_LIMIT || last < 0 || last > MAX_LIMIT) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
  }

  /** A page that no instant is asked for. */
  public HistoryQuery(
      RoomName room, @Nullable Cursor after, @Nullable Cursor before, int last, int limit) {
    this(room, after, before, null, last, limit);
  }
}
