package io.carillon.transport.http;

import io.carillon.core.Cursor;
import io.carillon.core.RoomName;
import io.carillon.protocol.CursorList;
import io.carillon.protocol.PageFormat;
import io.carillon.protocol.PageFrame;
import io.carillon.protocol.RoomCursor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Page of one poll while it is gathered. A reader that is behind gets what lies before the heads
 * that the poll began with, in one page, however many batches it comes in, up to a number of events
 * and {@link #MOST_CHARACTERS}; a reader at the heads gets the first batch of events. Not
 * thread-safe.
 */
final class PollPage {
  /** Size of the events' JSON, in characters, at which a page is complete. */
  static final int MOST_CHARACTERS = 256 * 1024;

  private final List<RoomName> rooms;
  private final int limit;
  private final List<String> events = new ArrayList<>();
  private final List<String> resyncs = new ArrayList<>();
  private final CursorList position;
  private final CursorList heads;
  private final Set<RoomName> owed = new HashSet<>();
  private int characters;
  private boolean begun;

  /** Whether something came that the page does not hold. */
  private boolean leftOff;

  private boolean ended;

  /**
   * Creates an empty page.
   *
   * @param asked where the reader is in those rooms where it said so
   * @param limit most events, at least 1
   */
  PollPage(List<RoomName> rooms, List<RoomCursor> asked, int limit) {
    this.rooms = rooms;
    this.limit = limit;
    this.position = new CursorList(rooms);
    position.advance(asked);
    this.heads = new CursorList(rooms);
  }

  /** Adds a frame, unless the page is full; then the reader's position stays before it. */
  void add(PageFrame frame) {
    if (leftOff && frame.kind() != PageFrame.Kind.RESYNC) {
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
        leftOff = true;
      }
      case EVENT -> {
        if (full()) {
          leftOff = true;
          return;
        }
        events.add(frame.json());
        characters += frame.json().length();
      }
      case END -> ended = true;
    }
    position.advance(frame.positions());
    heads.advance(frame.heads());
    if (frame.kind() == PageFrame.Kind.EVENT) {
      frame.positions().forEach(this::raiseHead);
    }
  }

  private boolean full() {
    return events.size() >= limit || characters >= MOST_CHARACTERS;
  }

  /** An event may lie beyond the head that the poll began with. */
  private void raiseHead(RoomCursor event) {
    Cursor head = heads.at(rooms.indexOf(event.room()));
    if (!head.epoch().equals(event.cursor().epoch()) || head.seq() < event.cursor().seq()) {
      heads.advance(List.of(event));
    }
  }

  /**
   * Whether nothing more is to be gathered.
   *
   * @param waits whether the poll waits for an event if there is none
   */
  boolean complete(boolean waits) {
    return ended || leftOff || full() || ((!waits || !events.isEmpty()) && atHead());
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

  /**
   * Its JSON; null: the log could not be asked yet where the rooms stand. A page without a position
   * of its own would send the reader back to the beginning.
   */
  @Nullable String json(PageFormat format) {
    if (!begun) {
      return null;
    }
    String cursor = position.toString();
    String next = leftOff || !atHead() ? cursor : null;
    return format.page(events, resyncs, cursor, heads.toString(), next);
  }
}
