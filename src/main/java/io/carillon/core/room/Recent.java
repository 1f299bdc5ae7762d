package io.carillon.core.room;

import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.connection.SharedDelivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The latest events of a room, already wrapped for sharing, so that a reader who is only a little
 * behind costs no query. Bounded in events and bytes; guarded by the room's lock.
 */
final class Recent {
  private final ArrayDeque<SharedDelivery> ring = new ArrayDeque<>();
  private final int maxEvents;
  private final int maxBytes;
  private final RecentBytes all;
  private int bytes;
  private long last;

  /**
   * Makes an empty ring.
   *
   * @param all what the rings of all rooms hold together
   */
  Recent(int maxEvents, int maxBytes, RecentBytes all) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
    this.all = all;
  }

  static Event event(SharedDelivery sharedDelivery) {
    return ((Delivery.EventDelivery) sharedDelivery.delivery()).event();
  }

  /** Adds the event that follows the last one added. */
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
   * Adds what comes before, as far as it fits, so that whoever comes back to about the same place
   * costs no query: after a restart of another instance that is everybody.
   *
   * @param before events in ascending order without a hole
   * @param position the room's
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

  /** At most {@code limit} events that follow {@code seq}; null if they are not all here. */
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

  /** After which position everything up to {@code position}, the last one added, is here. */
  long oldest(long position) {
    return ring.isEmpty() ? position : event(ring.getFirst()).seq() - 1;
  }

  void clear() {
    ring.clear();
    count(-bytes);
  }
}
