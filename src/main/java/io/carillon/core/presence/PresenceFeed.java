package io.carillon.core.presence;

import io.carillon.core.RoomName;
import io.carillon.core.connection.SharedDelivery;
import io.carillon.core.spi.PresenceStore.PresenceChanges;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries of one room to the followers of one form: lists and differences, or counts in a room
 * that is too large. Each is made at most once a read. Not thread-safe.
 */
final class PresenceFeed {
  /** Size above which a list is replaced by a count: a frame must fit a send queue. */
  private static final long LIST_BYTES = 512 * 1024;

  /** Number of members that fit with the largest states. */
  private static final int SURELY_FITS = 300;

  private final RoomName room;
  private final PresenceView view;
  private boolean read;
  private boolean counting;
  private @Nullable SharedDelivery list;
  private @Nullable SharedDelivery change;

  PresenceFeed(RoomName room, PresenceView view) {
    this.room = room;
    this.view = view;
  }

  int count() {
    return view.count();
  }

  /**
   * Applies a read.
   *
   * @param limit number of members above which only the count is sent
   */
  void apply(PresenceChanges changes, int limit) {
    boolean first = !read;
    boolean counted = counting;
    view.apply(changes);
    read = true;
    int count = view.count();
    // A little below the limit before lists begin again, so that a room at the limit does not
    // send the whole list with every second change.
    long most = !first && counted ? LIST_BYTES - LIST_BYTES / 10 : LIST_BYTES;
    counting =
        count > limit
            || (!first && counted && count > limit - limit / 10)
            || (count > SURELY_FITS && view.weight() > most);
    list = null;
    change = first ? null : changeFrom(counted);
  }

  private @Nullable SharedDelivery changeFrom(boolean counted) {
    if (counted && !counting) {
      return list();
    }
    return (counting ? view.countChanged() : !view.unchanged())
        ? new SharedDelivery(view.change(room, counting))
        : null;
  }

  /** The list as of the last read, for who has none yet. */
  SharedDelivery list() {
    SharedDelivery made = list;
    if (made == null) {
      made = new SharedDelivery(view.list(room, counting));
      list = made;
    }
    return made;
  }

  /** What the last read changed, for who has what was before; null: nothing. */
  @Nullable SharedDelivery change() {
    return change;
  }
}
