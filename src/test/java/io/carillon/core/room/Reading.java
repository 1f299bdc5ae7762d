package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Cursor;
import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.Head;
import io.carillon.core.Joined;
import io.carillon.core.Reply;
import io.carillon.kit.MemoryLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks what one client gets over all its connections: each event is the child of the one before
 * it (whatever the log went through meanwhile), unless it was told otherwise before. That alone
 * rules out loss, repetition, reordering and divergence.
 */
final class Reading {
  private final MemoryLog log;
  private @Nullable Cursor cursor;
  private @Nullable String lastId;
  private boolean resyncDue;
  private int events;

  Reading(MemoryLog log) {
    this.log = log;
  }

  /** Where to resume; null: nowhere yet. */
  @Nullable Cursor cursor() {
    return cursor;
  }

  int events() {
    return events;
  }

  /** Whether it is where the log ends. */
  boolean at(Head head) {
    return cursor != null && cursor.seq() == head.seq();
  }

  /** Whether it would be where the log ends, after this frame. */
  static boolean wouldBeAt(Head head, Object frame) {
    return switch (frame) {
      case Reply.JoinedRoom answer -> answer.joined().cursor().seq() == head.seq();
      case Delivery.ResyncDelivery r -> r.resync().head().seq() == head.seq();
      case Delivery.EventDelivery e -> e.event().seq() == head.seq();
      default -> false;
    };
  }

  /** Takes what one connection got, that had asked to go on after {@link #cursor}. */
  void take(List<Object> got) {
    @Nullable Cursor asked = cursor;
    for (Object frame : got) {
      switch (frame) {
        case Reply.JoinedRoom answer -> joined(answer.joined(), asked);
        case Delivery.ResyncDelivery r -> {
          cursor = r.resync().head();
          lastId = null;
          resyncDue = false;
        }
        case Delivery.EventDelivery e -> event(e.event());
        default -> {}
      }
    }
    resyncDue = false;
  }

  private void joined(Joined joined, @Nullable Cursor asked) {
    if (asked == null) {
      lastId = null;
    } else if (joined.recovered()) {
      assertEquals(asked.seq(), joined.cursor().seq(), "recovered elsewhere");
    } else {
      assertTrue(joined.resync() != null, "not recovered, and no word why");
      resyncDue = true;
      lastId = null;
    }
    cursor = joined.cursor();
  }

  private void event(Event event) {
    Cursor before = cursor;
    if (before == null) {
      throw new AssertionError("an event before the answer to the join");
    }
    assertTrue(!resyncDue, "an event before the resync");
    assertEquals(before.seq() + 1, event.seq(), "not the next one");
    String id = lastId == null && before.seq() == 0 ? "" : lastId;
    if (id != null) {
      assertEquals(id, log.parent(event.id()), "not the child of the one before");
    }
    lastId = event.id();
    cursor = event.cursor();
    events++;
  }
}
