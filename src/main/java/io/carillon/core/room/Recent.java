package io.carillon.core.room;

import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.connection.SharedDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ring buffer of a room's latest events, wrapped for sharing, which saves a query for a reader that
 * is slightly behind. Bounded in events and bytes; guarded by the room's lock.
 */
final class Recent {
  private final ArrayDeque<SharedDelivery> ring = new ArrayDeque<>();
  private final int maxEvents;
  private final int maxBytes;
  private final RecentBytes all;
  private int bytes;
  private long last;

  /**
   * Creates an empty buffer.
   *
   * @param all the bytes of the buffers of all rooms
   */
  Recent(int maxEvents, int maxBytes, RecentBytes all) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
    this.all = all;
  }

  static Event event(SharedDelivery sharedDelivery) {
    return ((Delivery.EventDelivery) sharedDelivery.delivery()).event();
  }

  /** Appends the next event. */
  SharedDelivery add(Event event) {
    SharedDelivery sharedDelivery = new SharedDelivery(new Delivery.EventDelivery(event));
    ring.addLast(sharedDelivery);
    count(event.weight());
    last = event.seq();
    while (ring.size() > maxEvents || ((bytes > maxBytes || all.over()) && ring.size() > 1)) {
      count(-event(ring.removeFirst()).weight());
    }
    return sharedDelivery;
  }

  /**
   * Prepends earlier events as far as they fit, which saves queries for readers that resume near
   * the same position, as all clients of a restarted instance do.
   *
   * @param before events in ascending order without a hole
   * @param position the room's position
   */
  void fill(List<SharedDelivery> before, long position) {
    for (SharedDelivery sharedDelivery : before.reversed()) {
      Event event = event(sharedDelivery);
      if (event.seq() > oldest(position)) {
        continue;
      }
      if (event.seq() != oldest(position)
          || ring.size() >= maxEvents
          || bytes + event.weight() > maxBytes
          || all.over()) {
        return;
      }
      if (ring.isEmpty()) {
        last = position;
      }
      ring.addFirst(sharedDelivery);
      count(event.weight());
    }
  }

  private void count(int weight) {
    bytes += weight;
    all.add(weight);
  }

  /** At most {@code limit} events after {@code seq}; null if some of them are not in memory. */
  @Nullable List<SharedDelivery> after(long seq, int limit) {
    if (ring.isEmpty() || seq >= last || event(ring.getFirst()).seq() > seq + 1) {
      return null;
    }
    List<SharedDelivery> chunk = new ArrayList<>();
    for (SharedDelivery sharedDelivery : ring) {
      if (event(sharedDelivery).seq() > seq) {
        chunk.add(sharedDelivery);
        if (chunk.size() == limit) {
          break;
        }
      }
    }
    return chunk;
  }

  /** The lowest position from which all events up to {@code position} are in memory. */
  long oldest(long position) {
    return ring.isEmpty() ? position : event(ring.getFirst()).seq() - 1;
  }

  /**
   * Number of events at or after an instant. A full buffer that does not reach back so far counts
   * the whole as if it went on at the pace of what it has.
   *
   * @param now at or after the last event
   */
  long count(Instant since, Instant now) {
    long found = 0;
    Instant first = now;
    for (Iterator<SharedDelivery> each = ring.descendingIterator(); each.hasNext(); ) {
      first = event(each.next()).at();
      if (first.isBefore(since)) {
        return found;
      }
      found++;
    }
    long covered = Math.max(1, Duration.between(first, now).toMillis());
    return ring.size() < maxEvents
        ? found
        : found * Math.max(1, Duration.between(since, now).toMillis() / covered);
  }

  void clear() {
    ring.clear();
    count(-bytes);
  }
}
