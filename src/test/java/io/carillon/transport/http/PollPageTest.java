package io.carillon.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Cursor;
import io.carillon.core.RoomName;
import io.carillon.protocol.PageFrame;
import io.carillon.protocol.RoomCursor;
import io.carillon.protocol.page.JsonPages;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A poll that is behind is answered with all that is there, in one page. */
final class PollPageTest {
  private static final RoomName ROOM = new RoomName("a:1");
  private static final RoomName OTHER = new RoomName("a:2");

  private final JsonPages format = new JsonPages();

  @Test
  void whatIsThereAlreadyIsOnePageHoweverManyBatchesItComesIn() {
    PollPage page = new PollPage(List.of(ROOM), List.of(), 10);
    page.add(begin(3));
    assertFalse(page.complete(true));
    page.add(event(1, "1"));
    page.add(event(2, "2"));
    assertFalse(page.complete(true));
    page.add(event(3, "3"));
    assertTrue(page.complete(true));
    String json = json(page);
    assertTrue(json.startsWith("{\"events\":[1,2,3],\"cursor\":\"e1.3\""), json);
    assertFalse(json.contains("next"), json);
  }

  @Test
  void oneRoomThatIsBehindHoldsBackTheEventsOfAnother() {
    PollPage page = new PollPage(List.of(ROOM, OTHER), List.of(), 10);
    RoomCursor here = new RoomCursor(ROOM, new Cursor("e1", 1));
    RoomCursor there = new RoomCursor(OTHER, new Cursor("e1", 5));
    RoomCursor before = new RoomCursor(OTHER, new Cursor("e1", 4));
    page.add(new PageFrame(PageFrame.Kind.BEGIN, "", List.of(here, before), List.of(here, there)));
    page.add(event(2, "2"));
    assertFalse(page.complete(true));
    page.add(new PageFrame(PageFrame.Kind.EVENT, "5", List.of(there), List.of()));
    assertTrue(page.complete(true));
  }

  @Test
  void atTheHeadTheFirstBatchIsThePage() {
    PollPage page = new PollPage(List.of(ROOM), List.of(), 10);
    RoomCursor at = new RoomCursor(ROOM, new Cursor("e1", 7));
    page.add(new PageFrame(PageFrame.Kind.BEGIN, "", List.of(at), List.of(at)));
    assertFalse(page.complete(true));
    assertTrue(page.complete(false));
    page.add(event(8, "8"));
    assertTrue(page.complete(true));
  }

  @Test
  void aPageThatIsNotCompleteSaysWhatToAskNext() {
    PollPage page = new PollPage(List.of(ROOM), List.of(), 10);
    page.add(begin(3));
    page.add(event(1, "1"));
    String json = json(page);
    assertTrue(json.endsWith("\"next\":\"e1.1\"}"), json);
  }

  @Test
  void aPageIsBoundedInEvents() {
    PollPage page = new PollPage(List.of(ROOM), List.of(), 2);
    page.add(begin(3));
    page.add(event(1, "1"));
    page.add(event(2, "2"));
    assertTrue(page.complete(true));
    page.add(event(3, "3"));
    String json = json(page);
    assertTrue(json.startsWith("{\"events\":[1,2],"), json);
    assertTrue(json.endsWith("\"next\":\"e1.2\"}"), json);
  }

  @Test
  void aFullPageAtTheHeadAsksForNothing() {
    PollPage page = new PollPage(List.of(ROOM), List.of(), 2);
    page.add(begin(2));
    page.add(event(1, "1"));
    page.add(event(2, "2"));
    assertTrue(page.complete(true));
    assertFalse(json(page).contains("next"), json(page));
  }

  @Test
  void aPageIsBoundedInSize() {
    String large = '"' + "x".repeat(PollPage.MOST_CHARACTERS / 2) + '"';
    PollPage page = new PollPage(List.of(ROOM), List.of(), 10);
    page.add(begin(9));
    page.add(event(1, large));
    assertFalse(page.complete(true));
    page.add(event(2, large));
    assertTrue(page.complete(true));
    assertTrue(json(page).endsWith("\"next\":\"e1.2\"}"));
  }

  @Test
  void withoutTheRoomsPositionsThereIsNoPage() {
    PollPage page = new PollPage(List.of(ROOM), List.of(), 10);
    assertNull(page.json(format));
    page.add(new PageFrame(PageFrame.Kind.END, "", List.of(), List.of()));
    assertTrue(page.complete(true));
    assertNull(page.json(format));
  }

  @Test
  void aResyncEndsThePage() {
    PollPage page = new PollPage(List.of(ROOM), List.of(), 10);
    RoomCursor head = new RoomCursor(ROOM, new Cursor("e2", 4));
    page.add(new PageFrame(PageFrame.Kind.BEGIN, "", List.of(), List.of(head)));
    assertFalse(page.complete(false));
    page.add(new PageFrame(PageFrame.Kind.RESYNC, "{}", List.of(head), List.of()));
    assertTrue(page.complete(true));
    page.add(event(5, "5"));
    assertEquals(0, json(page).indexOf("{\"events\":[],"), json(page));
  }

  private static PageFrame begin(long head) {
    return new PageFrame(
        PageFrame.Kind.BEGIN,
        "",
        List.of(new RoomCursor(ROOM, Cursor.START)),
        List.of(new RoomCursor(ROOM, new Cursor("e1", head))));
  }

  private static PageFrame event(long seq, String json) {
    RoomCursor at = new RoomCursor(ROOM, new Cursor("e1", seq));
    return new PageFrame(PageFrame.Kind.EVENT, json, List.of(at), List.of());
  }

  private String json(PollPage page) {
    return String.valueOf(page.json(format));
  }
}
