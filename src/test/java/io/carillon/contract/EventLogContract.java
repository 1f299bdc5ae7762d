package io.carillon.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Content;
import io.carillon.core.Cursor;
import io.carillon.core.Event;
import io.carillon.core.EventName;
import io.carillon.core.Head;
import io.carillon.core.Publication;
import io.carillon.core.RoomName;
import io.carillon.core.spi.AppendResult;
import io.carillon.core.spi.AppendResult.Appended;
import io.carillon.core.spi.EventLog;
import io.carillon.core.spi.LogPage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every event log does, seen through the seam by two instances. */
@Timeout(60)
public abstract class EventLogContract {
  /** Rooms of its own for each test, so that a log may be used by several. */
  private final RoomName room = new RoomName("contract:" + UUID.randomUUID());

  private final RoomName other = new RoomName("contract:" + UUID.randomUUID());

  /** The log as the first instance sees it; it tells {@link #committed}. */
  protected abstract EventLog here();

  /** The same log as another instance sees it. */
  protected abstract EventLog there();

  /** What {@link #here} has told of its own commits. */
  protected final List<Event> committed = new CopyOnWriteArrayList<>();

  /** Gives the room a new epoch without losing anything. */
  protected abstract void newEpoch(RoomName name);

  /** Removes the events up to this one, or as many of them as the log removes at a time. */
  protected abstract void removeUpTo(RoomName name, long seq);

  private static Publication publication(RoomName name, String id, String by, String data) {
    return new Publication(name, id, true, new EventName("said"), data, null, by, "c1");
  }

  private Appended append(EventLog log, String id, String by) {
    AppendResult result = log.append(publication(room, id, by, "{\"id\": \"" + id + "\" }")).join();
    return (Appended) result;
  }

  private void fill(int count) {
    for (int i = 1; i <= count; i++) {
      append(here(), "k" + i, "u");
    }
  }

  private static List<Long> seqs(List<Event> events) {
    return events.stream().map(Event::seq).toList();
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void aRoomWithoutEventsIsAbsentAndReadsAsEmpty() {
    assertEquals(Map.of(), here().heads(List.of(room)));
    assertEquals(new LogPage(Head.EMPTY, List.of()), here().after(room, 0, 10));
    assertEquals(new LogPage(Head.EMPTY, List.of()), here().before(room, Long.MAX_VALUE, 10));
    assertEquals(OptionalLong.empty(), here().fork(room, "x"));
    assertFalse(here().rooms(room.value(), "", 10).contains(room));
  }

  @Test
  void numbersAreDenseAndInTheOrderOfTheCalls() {
    List<CompletableFuture<AppendResult>> results = new ArrayList<>();
    for (int i = 1; i <= 300; i++) {
      results.add(here().append(publication(room, "k" + i, "u", String.valueOf(i))));
    }
    for (int i = 1; i <= 300; i++) {
      Appended done = (Appended) results.get(i - 1).join();
      assertEquals(i, done.seq());
      assertEquals("k" + i, done.id());
      assertFalse(done.duplicate());
    }
    List<Event> told = committed.stream().filter(e -> e.room().equals(room)).toList();
    assertEquals(range(1, 300), seqs(told));
    assertEquals(told, there().after(room, 0, 300).events());
  }

  @Test
  void twoInstancesShareOneOrderWithoutHoles() {
    List<CompletableFuture<AppendResult>> results = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      EventLog log = i % 2 == 0 ? here() : there();
      results.add(log.append(publication(room, "k" + i, "u", "0")));
    }
    List<Long> given = results.stream().map(r -> ((Appended) r.join()).seq()).sorted().toList();
    assertEquals(range(1, 200), given);
    assertEquals(range(1, 200), seqs(here().after(room, 0, 500).events()));
  }

  @Test
  void anEventIsWhatWasPublished() {
    String data = "{ \"b\":1.50, \"a\":[null,\"\\u00e9é\"]}";
    here()
        .append(
            new Publication(
                room, "the key", true, new EventName("a/b"), data, "{\"m\":\"1\"}", "bob", "c7"))
        .join();
    Event event = there().after(room, 0, 1).events().getFirst();
    assertEquals(room, event.room());
    assertEquals("the key", event.id());
    assertEquals("a/b", event.name());
    assertEquals(data, event.content().text());
    assertEquals("{\"m\":\"1\"}", event.meta());
    assertEquals("bob", event.by());
    assertEquals("c7", event.origin());
    assertEquals(event.epoch(), here().heads(List.of(room)).get(room).epoch());
  }

  @Test
  void bytesStayTheBytesThatWerePublished() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    List<Content> contents =
        List.of(
            Content.bytes(all),
            Content.json("\"AAEC\""),
            Content.bytes(new byte[0]),
            Content.bytes(new byte[64 * 1024]),
            Content.json("0"));
    for (Content content : contents) {
      here().append(publication(content)).join();
    }
    List<Event> read = there().after(room, 0, 10).events();
    assertEquals(contents, read.stream().map(Event::content).toList());
    assertEquals(read, committed.stream().filter(e -> e.room().equals(room)).toList());
    assertEquals(read, there().before(room, Long.MAX_VALUE, 10).events());
  }

  @Test
  void aKeyIsOneEventWhateverItHolds() {
    Publication bytes = publication(Content.bytes(new byte[] {0, -1}));
    here().append(bytes).join();
    Appended again = append(there(), bytes.id(), "u");
    assertTrue(again.duplicate());
    assertEquals(bytes.content(), here().after(room, 0, 10).events().getLast().content());
  }

  private Publication publication(Content content) {
    String id = UUID.randomUUID().toString();
    return new Publication(room, id, true, new EventName("n"), content, null, "u", null, null);
  }

  @Test
  void oneKeyOfOnePublisherIsOneEvent() {
    Appended first = append(here(), "k", "alice");
    Appended again = append(there(), "k", "alice");
    assertTrue(again.duplicate());
    assertEquals(first.seq(), again.seq());
    assertEquals(first.epoch(), again.epoch());
    Appended others = append(here(), "k", "bob");
    assertFalse(others.duplicate());
    assertEquals(2, others.seq());
    AppendResult elsewhere = here().append(publication(other, "k", "alice", "0")).join();
    assertFalse(((Appended) elsewhere).duplicate());
    assertEquals(2, here().heads(List.of(room)).get(room).seq());
  }

  @Test
  void oneIdOfTwoSourcesIsTwoEvents() {
    Appended kitchen = append(here(), "1", "/kitchen", "20");
    Appended cellar = append(there(), "1", "/cellar", "8");
    Appended plain = append(here(), "1", null, "0");
    Appended again = append(there(), "1", "/kitchen", "20");
    assertFalse(cellar.duplicate());
    assertFalse(plain.duplicate());
    assertTrue(again.duplicate());
    assertEquals(kitchen.seq(), again.seq());
    assertEquals(
        List.of("1", "1", "1"),
        here().after(room, 0, 10).events().stream().map(Event::id).toList());
  }

  private Appended append(EventLog log, String id, @Nullable String source, String data) {
    return (Appended)
        log.append(
                new Publication(
                    room,
                    id,
                    true,
                    new EventName("r"),
                    Content.json(data),
                    null,
                    "gateway",
                    null,
                    source))
            .join();
  }

  @Test
  void theSameKeyManyTimesAtOnceIsOneEvent() {
    List<CompletableFuture<AppendResult>> results = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      results.add((i % 2 == 0 ? here() : there()).append(publication(room, "k", "u", "0")));
    }
    List<Appended> done = results.stream().map(r -> (Appended) r.join()).toList();
    assertEquals(1, done.stream().filter(d -> !d.duplicate()).count());
    assertTrue(done.stream().allMatch(d -> d.seq() == 1));
    assertEquals(List.of(1L), seqs(here().after(room, 0, 10).events()));
  }

  @Test
  void pages() {
    fill(10);
    assertEquals(range(1, 4), seqs(here().after(room, 0, 4).events()));
    assertEquals(range(8, 10), seqs(here().after(room, 7, 4).events()));
    assertEquals(List.of(), here().after(room, 10, 4).events());
    assertEquals(List.of(3L), seqs(here().after(room, 2, 4, 1).events()));
    assertEquals(List.of(3L, 4L), seqs(here().after(room, 2, 4, 600).events()));
    assertEquals(List.of(), here().after(room, 1L << 62, 4).events());
    assertEquals(range(7, 10), seqs(here().before(room, Long.MAX_VALUE, 4).events()));
    assertEquals(range(2, 5), seqs(here().before(room, 6, 4).events()));
    assertEquals(range(1, 2), seqs(here().before(room, 3, 4).events()));
    assertEquals(List.of(), here().before(room, 1, 4).events());
    assertEquals(10, here().after(room, 3, 1).head().seq());
    assertEquals(10, here().before(room, 3, 1).head().seq());
  }

  @Test
  void aPageIsBoundedInBytesButNeverEmpty() {
    String large = "\"" + "x".repeat(60_000) + "\"";
    for (int i = 0; i < 40; i++) {
      here().append(publication(room, "k" + i, "u", large)).join();
    }
    List<Event> first = here().after(room, 0, 40).events();
    assertFalse(first.isEmpty());
    assertEquals(range(1, first.size()), seqs(first));
    List<Event> last = here().before(room, Long.MAX_VALUE, 40).events();
    assertFalse(last.isEmpty());
    assertEquals(range(41 - last.size(), 40), seqs(last));
  }

  @Test
  void aNewEpochContinuesTheNumbersAndKnowsItsFork() {
    fill(3);
    String old = here().heads(List.of(room)).get(room).epoch();
    newEpoch(room);
    Appended next = append(here(), "k4", "u");
    assertEquals(4, next.seq());
    assertNotEquals(old, next.epoch());
    assertEquals(OptionalLong.of(3), here().fork(room, old));
    assertEquals(OptionalLong.empty(), here().fork(room, "never"));
    LogPage page = here().after(room, 0, 10);
    assertEquals(
        List.of(old, old, old, next.epoch()), page.events().stream().map(Event::epoch).toList());
    assertEquals(next.epoch(), page.head().epoch());
    newEpoch(room);
    append(here(), "k5", "u");
    assertEquals(OptionalLong.of(3), here().fork(room, old));
    assertEquals(OptionalLong.of(4), here().fork(room, next.epoch()));
  }

  @Test
  void whatIsRemovedLiesBelowTheFloor() {
    fill(6);
    removeUpTo(room, 4);
    LogPage page = here().after(room, 0, 10);
    long floor = page.head().floor();
    assertTrue(floor >= 4, "floor " + floor);
    assertEquals(range(floor + 1, 6), seqs(page.events()));
    assertEquals(floor, there().heads(List.of(room)).get(room).floor());
    assertEquals(6, page.head().seq());
    assertEquals(7, append(here(), "k7", "u").seq());
  }

  @Test
  void anInstantIsThePositionBeforeWhatCameThenOrLater() {
    Instant longAgo = Instant.parse("1000-01-01T00:00:00Z");
    assertEquals(Cursor.START, here().at(room, longAgo));
    fill(7);
    List<Event> events = there().after(room, 0, 10).events();
    String epoch = events.getLast().epoch();
    for (Event event : events) {
      assertEquals(new Cursor(epoch, event.seq() - 1), there().at(room, event.at()));
      assertEquals(event.cursor(), here().at(room, event.at().plusNanos(1)));
      assertEquals(event.cursor(), here().at(room, event.at().plusNanos(1000)));
    }
    assertEquals(new Cursor(epoch, 0), here().at(room, longAgo));
    assertEquals(new Cursor(epoch, 0), here().at(room, Instant.MIN));
    assertEquals(new Cursor(epoch, 7), here().at(room, Instant.MAX));
    newEpoch(room);
    String next = append(here(), "k8", "u").epoch();
    assertEquals(new Cursor(next, 2), here().at(room, events.get(2).at()));
    removeUpTo(room, 4);
    Head head = here().heads(List.of(room)).get(room);
    assertEquals(head.floorCursor(), here().at(room, events.getFirst().at()));
    assertEquals(head.floorCursor(), here().at(room, longAgo));
    assertEquals(head.cursor(), here().at(room, Instant.parse("9000-01-01T00:00:00Z")));
  }

  @Test
  void roomsAreListedInOrder() {
    fill(1);
    here().append(publication(other, "k", "u", "0")).join();
    List<RoomName> both = List.of(room, other).stream().sorted().toList();
    List<RoomName> listed = here().rooms("contract:", "", 100_000);
    assertEquals(both, listed.stream().filter(both::contains).toList());
    assertEquals(listed.stream().sorted().toList(), listed);
    assertFalse(
        here().rooms("contract:", both.getFirst().value(), 100_000).contains(both.getFirst()));
    assertEquals(List.of(room), here().rooms(room.value(), "", 1));
  }
}
