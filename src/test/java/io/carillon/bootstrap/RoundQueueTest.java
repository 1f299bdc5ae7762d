package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class RoundQueueTest {
  private final RoundQueue rounds = new RoundQueue();

  private static WriteRound round(int tasks) {
    return new WriteRound(Collections.nCopies(tasks, () -> {}));
  }

  private WriteRound next() {
    return Objects.requireNonNull(rounds.next());
  }

  @Test
  void fewGoBeforeManyAndManyInTurn() {
    WriteRound hot = round(5_000);
    WriteRound large = round(WriteRound.SLICE + 1);
    WriteRound small = round(WriteRound.SLICE);
    rounds.add(hot);
    rounds.add(large);
    rounds.add(small);
    assertSame(small, next());
    assertSame(hot, next());
    rounds.add(hot);
    assertSame(large, next());
    assertSame(hot, next());
    assertNull(rounds.next());
  }

  @Test
  void fewDoNotKeepManyFromTheirHalf() {
    WriteRound hot = round(5_000);
    rounds.add(hot);
    int few = 0;
    int slices = 0;
    for (int i = 0; i < 1_000; i++) {
      rounds.add(round(1));
      rounds.add(round(3));
      WriteRound next = next();
      if (next.large()) {
        slices++;
        rounds.add(next);
      } else {
        few += next.size();
      }
    }
    int many = slices * WriteRound.SLICE;
    assertTrue(Math.abs(many - few) <= 2 * WriteRound.SLICE, many + " of many, " + few + " of few");
  }

  @Test
  void aRoundStandsOnlyIfNobodyComesToIt() {
    WriteRound round = round(100);
    rounds.add(round);
    next().slice(Runnable::run);
    rounds.add(round);
    assertEquals(false, round.stands(), "it has gone on");
    assertEquals(false, round.stands(), "somebody comes when it has its turn");
    next();
    assertTrue(round.stands(), "whoever came does not go on");
    rounds.add(round);
    rounds.remove(round);
    assertNull(rounds.next());
    assertTrue(round.stands());
  }
}
