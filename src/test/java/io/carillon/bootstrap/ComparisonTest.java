package io.carillon.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.core.spi.LogUnavailableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private record Later(Runnable task, Duration after) {}

  private final ArrayDeque<Later> timer = new ArrayDeque<>();
  private final List<String> done = new ArrayList<>();
  private long now;
  private int failures;
  private boolean presenceFails;
  private Runnable meanwhile = () -> {};

  private final Comparison comparison =
      new Comparison(
          this::look,
          this::missed,
          Runnable::run,
          (task, after) -> timer.add(new Later(task, after)),
          () -> now);

  private void look() {
    meanwhile.run();
    if (failures > 0) {
      failures--;
      done.add("failed");
      throw new LogUnavailableException("not there", null);
    }
    done.add("look");
  }

  private void missed() {
    if (presenceFails) {
      throw new IllegalStateException("a defect");
    }
    done.add("missed");
  }

  private Duration runNext() {
    Later next = timer.remove();
    now += next.after.toNanos();
    next.task.run();
    return next.after;
  }

  @Test
  void whoeverAsksInABurstSharesOneLook() {
    for (int i = 0; i < 80_000; i++) {
      comparison.everything();
    }
    runNext();
    assertEquals(0, timer.size());
    assertEquals(List.of("look"), done);
  }

  @Test
  void whoAsksWhileALookIsUnderWayGetsAnotherOneSomeTimeLater() {
    meanwhile =
        () -> {
          meanwhile = () -> {};
          comparison.everything();
          comparison.everything();
        };
    comparison.everything();
    assertEquals(Comparison.GATHERING, runNext());
    assertEquals(Comparison.APART, runNext());
    assertEquals(0, timer.size());
    assertEquals(List.of("look", "look"), done);
  }

  @Test
  void membersAreReadAnewFirstAndWhateverBecomesOfTheLook() {
    failures = 1;
    comparison.missed();
    runNext();
    assertEquals(List.of("missed", "failed"), done);
    assertEquals(Comparison.AGAIN, runNext());
    assertEquals(List.of("missed", "failed", "look"), done);
    assertEquals(0, timer.size());
  }

  @Test
  void whatFailsForMembersStopsNoLookAndIsTriedAgain() {
    presenceFails = true;
    comparison.missed();
    runNext();
    assertEquals(List.of("look"), done);
    presenceFails = false;
    runNext();
    assertEquals(List.of("look", "missed", "look"), done);
    assertEquals(0, timer.size());
  }

  @Test
  void whatOnlyWasAnnouncedDoubtsNoMembers() {
    comparison.everything();
    runNext();
    assertEquals(List.of("look"), done);
  }
}
