package io.carillon.faults.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.json.JsonException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every kind of entry survives being written as a line. */
final class HistoryTest {
  private static final String ODD = "q\" b\\ \n \u0001 ü \uD83D\uDE00 \u2028 {\"a\":1}";

  private static final List<Entry> EACH =
      List.of(
          new Entry.Publish(-5, 1, "p", "ws", "r", "k", ODD),
          new Entry.Acked(Long.MAX_VALUE, 1, "e", 1L << 60, "k", true),
          new Entry.Committed(1, 2, "id"),
          new Entry.Refused(1, 2, "limit"),
          new Entry.Unknown(1, Integer.MAX_VALUE, ""),
          new Entry.Connect(1, "a", "sse", 2),
          new Entry.Joined(1, "a", "r", "", "e.1", "e.2", false),
          new Entry.Delivered(1, "a", "r", "e", 3, "id", "null"),
          new Entry.Resync(1, "a", "r", "expired", "e.9", "e.5"),
          new Entry.Disconnect(1, "a", ODD),
          new Entry.Presence(1, "u", "r", true, 2_000_000_000),
          new Entry.View(1, "a", "r", Set.of()),
          new Entry.View(1, "a", "r", Set.of("u", ODD)),
          new Entry.Revoked(1, "u", "r", Set.of("a")),
          new Entry.FaultOn(1, "F1", "instance 2"),
          new Entry.FaultOff(1, "F1", "instance 2"),
          new Entry.Settled(1),
          new Entry.Row(1, "r", "e", 4, "id", "[]"),
          new Entry.Head(1, "r", "e", 4, 0),
          new Entry.Fork(1, "r", "d", 2),
          new Entry.Replayed(1, "poll", "r", "e", 4, "id", "{}"),
          new Entry.ReplayEnd(1, "poll", "r", "e.4"),
          new Entry.Resources(1, 0, Map.of()),
          new Entry.Resources(1, 0, Map.of("heap", 1L << 40, "threads", 12L)),
          new Entry.Note(1, ODD, List.of("one", "two")));

  @Test
  void everyEntryComesBack() {
    Set<Class<?>> kinds = new HashSet<>(List.of(Entry.class.getPermittedSubclasses()));
    for (Entry entry : EACH) {
      String line = Codec.write(entry);
      assertEquals(-1, line.indexOf('\n'), line);
      assertEquals(entry, Codec.read(line), line);
      kinds.remove(entry.getClass());
    }
    assertEquals(Set.of(), kinds, "kinds of entries without an example here");
  }

  @Test
  void aLineCutOffIsNoEntry() {
    for (Entry entry : EACH) {
      String line = Codec.write(entry);
      for (int end = 0; end < line.length(); end++) {
        String start = line.substring(0, end);
        assertThrows(JsonException.class, () -> Codec.read(start), start);
      }
    }
  }
}
