package io.carillon.core.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The latest refusals, put together by limit, user and address. */
class LimitHitsTest {
  private static final Instant BEGIN = Instant.parse("2026-11-21T22:00:00Z");

  private final LimitHits hits = new LimitHits();

  @Test
  void theSameIsOneEntryThatComesToTheFront() {
    hits.add(Limit.HISTORY_USER, "alice", "192.0.2.1", BEGIN);
    hits.add(Limit.HISTORY_USER, "bob", "192.0.2.1", BEGIN.plusSeconds(1));
    hits.add(Limit.TICKETS_USER, "alice", "192.0.2.1", BEGIN.plusSeconds(2));
    hits.add(Limit.HISTORY_USER, "alice", "192.0.2.1", BEGIN.plusSeconds(3));
    assertEquals(
        List.of(
            new LimitHits.Hit(
                Limit.HISTORY_USER, "alice", "192.0.2.1", 2, BEGIN, BEGIN.plusSeconds(3)),
            new LimitHits.Hit(
                Limit.TICKETS_USER,
                "alice",
                "192.0.2.1",
                1,
                BEGIN.plusSeconds(2),
                BEGIN.plusSeconds(2))),
        hits.of("alice", 9));
    assertEquals(3, hits.of(null, 9).size());
    assertEquals(1, hits.of(null, 1).size());
  }

  @Test
  void theOldestGoFirst() {
    for (int i = 0; i <= LimitHits.KEPT; i++) {
      hits.add(Limit.HISTORY_USER, "u" + i, "", BEGIN.plusSeconds(i));
    }
    List<LimitHits.Hit> all = hits.of(null, 10_000);
    assertEquals(LimitHits.KEPT, all.size());
    assertEquals("u" + LimitHits.KEPT, all.getFirst().user());
    assertEquals("u1", all.getLast().user());
  }
}
