package io.carillon.core.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.carillon.core.Cursor;
import io.carillon.core.Event;
import io.carillon.core.EventName;
import io.carillon.core.HistoryPage;
import io.carillon.core.HistoryQuery;
import io.carillon.core.Publication;
import io.carillon.core.Resync;
import io.carillon.core.RoomName;
import io.carillon.core.spi.EventLog;
import io.carillon.kit.MemoryLog;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HistoriesTest {
  private static final RoomName ROOM = new RoomName("r");

  private final MemoryLog log = new MemoryLog();
  private final EventLog view = log.at();
  private final Histories histories = new Histories(view, new JoinLimiter(4, 8));

  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      String id = "i" + log.head(ROOM).seq() + "." + i;
      view.append(new Publication(ROOM, id, true, new EventName("n"), "0", null, "u", null)).join();
    }
  }

  private HistoryPage page(
      @Nullable String after, @Nullable String before, int last, int limit, int bytes) {
    return histories.page(
        new HistoryQuery(
            ROOM,
            after == null ? null : Cursor.parse(after),
            before == null ? null : Cursor.parse(before),
            last,
            limit),
        bytes);
  }

  private HistoryPage page(@Nullable String after, @Nullable String before, int last, int limit) {
    return page(after, before, last, limit, Integer.MAX_VALUE);
  }

  private static void assertPage(
      HistoryPage page, long from, long to, String cursor, @Nullable String next) {
    assertEquals(
        LongStream.rangeClosed(from, to).boxed().toList(),
        page.events().stream().map(Event::seq).toList());
    assertEquals(cursor, page.cursor().toString());
    assertEquals(next, page.next() == null ? null : page.next().toString());
    assertNull(page.resync());
  }

  private static void assertBroken(HistoryPage page, Resync.Reason reason, String head) {
    assertEquals(List.of(), page.events());
    Resync resync = page.resync();
    assertEquals(reason, resync == null ? null : resync.reason());
    assertEquals(head, page.cursor().toString());
    assertNull(page.next());
  }

  @Test
  void aRoomWithoutEvents() {
    assertPage(page(null, null, 0, 10), 1, 0, "0.0", null);
    assertPage(page("0.0", null, 0, 10), 1, 0, "0.0", null);
    assertPage(page("x.0", null, 0, 10), 1, 0, "0.0", null);
    assertPage(page(null, "0.0", 0, 10), 1, 0, "0.0", null);
    assertPage(page(null, null, 5, 10), 1, 0, "0.0", null);
    assertBroken(page("x.1", null, 0, 10), Resync.Reason.EPOCH, "0.0");
  }

  @Test
  void forwardsPageByPage() {
    publish(25);
    assertPage(page(null, null, 0, 10), 1, 10, "e1.10", "e1.10");
    assertPage(page("e1.10", null, 0, 10), 11, 20, "e1.20", "e1.20");
    assertPage(page("e1.20", null, 0, 10), 21, 25, "e1.25", null);
    assertPage(page("e1.25", null, 0, 10), 1, 0, "e1.25", null);
    assertPage(page("e1.15", null, 0, 10), 16, 25, "e1.25", null);
  }

  @Test
  void backwardsPageByPageInAscendingOrder() {
    publish(25);
    assertPage(page(null, "e1.25", 0, 10), 15, 24, "e1.24", "e1.15");
    assertPage(page(null, "e1.15", 0, 10), 5, 14, "e1.14", "e1.5");
    assertPage(page(null, "e1.5", 0, 10), 1, 4, "e1.4", null);
    assertPage(page(null, "e1.1", 0, 10), 1, 0, "e1.0", null);
  }

  @Test
  void theLastOnes() {
    publish(25);
    assertPage(page(null, null, 3, 100), 23, 25, "e1.25", null);
    assertPage(page(null, null, 100, 100), 1, 25, "e1.25", null);
  }

  @Test
  void whatIsNoLongerRetained() {
    publish(25);
    log.raiseFloor(ROOM, 8);
    assertPage(page(null, null, 0, 10), 9, 18, "e1.18", "e1.18");
    assertPage(page("e1.8", null, 0, 3), 9, 11, "e1.11", "e1.11");
    assertBroken(page("e1.7", null, 0, 10), Resync.Reason.EXPIRED, "e1.25");
    assertBroken(page("0.0", null, 0, 10), Resync.Reason.EXPIRED, "e1.25");
    assertPage(page(null, "e1.12", 0, 10), 9, 11, "e1.11", null);
    assertPage(page(null, "e1.5", 0, 10), 1, 0, "e1.8", null);
    assertPage(page(null, null, 100, 100), 9, 25, "e1.25", null);
    log.raiseFloor(ROOM, 25);
    assertPage(page(null, null, 0, 10), 1, 0, "e1.25", null);
    assertBroken(page("e1.24", null, 0, 10), Resync.Reason.EXPIRED, "e1.25");
    assertPage(page("e1.25", null, 0, 10), 1, 0, "e1.25", null);
  }

  private HistoryPage since(Instant instant, int limit) {
    return histories.page(new HistoryQuery(ROOM, null, null, instant, 0, limit), Integer.MAX_VALUE);
  }

  @Test
  void fromAnInstant() {
    Instant noEvent = Instant.ofEpochSecond(100);
    assertPage(since(noEvent, 10), 1, 0, "0.0", null);
    publish(25);
    Instant ninth = view.after(ROOM, 8, 1).events().getFirst().at();
    assertPage(since(ninth, 10), 9, 18, "e1.18", "e1.18");
    assertPage(since(ninth.plusNanos(1), 10), 10, 19, "e1.19", "e1.19");
    assertPage(since(Instant.EPOCH, 30), 1, 25, "e1.25", null);
    assertPage(since(noEvent, 10), 1, 0, "e1.25", null);
    log.raiseFloor(ROOM, 12);
    assertPage(since(ninth, 3), 13, 15, "e1.15", "e1.15");
  }

  @Test
  void overAFork() {
    publish(9);
    log.rewind(ROOM, 6);
    publish(3);
    assertPage(page("e1.4", null, 0, 2), 5, 6, "e1.6", "e1.6");
    assertPage(page("e1.6", null, 0, 2), 7, 8, "e2.8", "e2.8");
    assertBroken(page("e1.7", null, 0, 2), Resync.Reason.EPOCH, "e2.9");
    assertBroken(page("e2.10", null, 0, 2), Resync.Reason.AHEAD, "e2.9");
    assertBroken(page(null, "e1.8", 0, 2), Resync.Reason.EPOCH, "e2.9");
  }

  @Test
  void aBoundInBytesCutsWithoutAHole() {
    publish(10);
    int three = 3 * 257;
    assertPage(page("e1.2", null, 0, 10, three), 3, 5, "e1.5", "e1.5");
    assertPage(page(null, "e1.9", 0, 10, three), 6, 8, "e1.8", "e1.6");
    assertPage(page(null, null, 8, 10, three), 8, 10, "e1.10", null);
    assertPage(page("e1.2", null, 0, 10, 1), 3, 3, "e1.3", "e1.3");
  }
}
