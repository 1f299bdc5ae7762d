package io.carillon.core.room;

import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.connection.Shared;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The latest events of a room, already wrapped for sharing, so that a reader who is only a little
 * behind costs no query. Bounded in events and bytes; guarded by the room's lock.
 */
final class Recent {
  private final ArrayDeque<Shared> ring = new ArrayDeque<>();
  private final int maxEvents;
  private final int maxBytes;
  private int bytes;
  private long last;

  Recent(int maxEvents, int maxBytes) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
  }

  static Event event(Shared shared) {
    return ((Delivery.EventDelivery) shared.delivery()).event();
  }

  /** Adds the event that follows the last one added. */
  Shared add(Event event) {
    Shared shared = new Shared(new Delivery.EventDelivery(event));
    ring.addLast(shared);
    bytes += event.weight();
    last = event.seq();
    while (ring.size() > maxEvents || (bytes > maxBytes && ring.size() > 1)) {
      bytes -= event(ring.removeFirst()).weight();
    }
    return shared;
  }

  /** At most {@code limit} events that follow {@code seq}; null if they are not all here. */
  @Nullable List<Shared> after(long seq, int limit) {
    if (ring.isEmpty() || seq >= last || event(ring.getFirst()).seq() > seq + 1) {
      return null;
    }
    List<Shared> chunk = new ArrayList<>();
    for (Shared shared : ring) {
      if (event(shared).seq() > seq) {
        chunk.add(shared);
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
    bytes = 0;
  }
}
