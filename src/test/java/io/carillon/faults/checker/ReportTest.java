package io.carillon.faults.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.faults.history.Entry;
import io.carillon.faults.simulation.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What people read of a verdict, and what is kept so that it can be had again. */
final class ReportTest {
  private static final Report.Line RIGHT = line(Expected.of(false));
  private static final Report.Line WRONG = line(Expected.of(false).allowingResyncs());

  private static Report.Line line(Expectations expected) {
    return Report.line("F22", 3, Checker.check(Simulation.history(3, false), expected));
  }

  @Test
  void aTableHasALineForEachRunAndTheDetailsOfWhatIsWrong() {
    List<String> lines = Report.table(List.of(RIGHT, WRONG)).lines().toList();
    assertTrue(lines.get(0).startsWith("fault  seed"), lines.get(0));
    assertTrue(lines.get(1).matches("F22 +3 .*expired \\d+ .*pass"), lines.get(1));
    assertTrue(lines.get(2).matches("F22 +3 .*FAIL resync"), lines.get(2));
    assertEquals(List.of("", "F22 with seed 3:"), lines.subList(3, 5));
    assertTrue(lines.get(5).matches("  resync \\(G7\\) \\d+ times"), lines.get(5));
    assertTrue(lines.get(7).strip().startsWith("Resync["), lines.get(7));
  }

  @Test
  void markdownHasTheSameCells() {
    List<String> lines = Report.markdown(List.of(RIGHT, WRONG)).lines().toList();
    assertEquals(4, lines.size());
    assertEquals(1, lines.stream().map(line -> line.split("\\|", -1).length).distinct().count());
    assertTrue(lines.get(3).endsWith("| FAIL resync |"), lines.get(3));
  }

  @Test
  void expectationsAreFoundInAHistory() {
    Expectations expected =
        Expectations.strict()
            .allowingLoss()
            .allowingResyncs("epoch", "ahead")
            .excusingPresenceInFaults()
            .withLate(Duration.ofMillis(1234))
            .withRecover(Duration.ofSeconds(7))
            .exempting(Set.of("a", "b:c"))
            .withGrowth(Map.of("heap", new Growth(1L << 30, 0.25), "a:b", new Growth(0, 2)));
    List<Entry> history =
        List.of(Expectations.strict().note(1), expected.note(2), new Entry.Settled(3));
    assertEquals(expected, Expectations.in(history));
    assertEquals(Expectations.strict(), Expectations.in(List.of(Expectations.strict().note(1))));
    assertEquals(Expectations.strict(), Expectations.in(List.of()));
  }
}
