package io.carillon.faults.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.faults.history.Entry;
import io.carillon.faults.simulation.Simulation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is right passes; what is wrong is called by its name, and by no other. */
final class CheckerTest {
  private static final int RIGHT = 25;
  private static final int WRONG = 5;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsRightPasses(boolean lossy) {
    Map<String, Long> resyncs = new HashMap<>();
    for (long seed = 0; seed < RIGHT; seed++) {
      Verdict verdict = Checker.check(Simulation.history(seed, lossy), Expected.of(lossy));
      assertTrue(verdict.passed(), told("lossy " + lossy, seed, verdict));
      verdict.counts().resyncs().forEach((reason, many) -> resyncs.merge(reason, many, Long::sum));
      Counts counts = verdict.counts();
      assertTrue(counts.unknown() > 0 && counts.unresolved() > 0 && counts.refused() > 0);
      assertEquals(lossy, counts.forgiven() > 0, "whether acknowledged events were lost");
    }
    Set<String> reasons = lossy ? Set.of("expired", "epoch") : Set.of("expired");
    assertEquals(reasons, resyncs.keySet());
  }

  @Test
  void whatOneRunExcusesAnotherDoesNot() {
    Set<Rule> broken = EnumSet.noneOf(Rule.class);
    for (long seed = 0; seed < WRONG; seed++) {
      List<Entry> history = Simulation.history(seed, true);
      broken.addAll(Checker.check(history, Expected.of(false)).rules());
    }
    assertTrue(broken.contains(Rule.LOST), () -> "an asynchronous failover only: " + broken);
    broken.clear();
    for (long seed = 0; seed < WRONG; seed++) {
      List<Entry> history = Simulation.history(seed, false);
      broken.addAll(Checker.check(history, Expected.of(false).allowingResyncs()).rules());
    }
    assertEquals(Set.of(Rule.RESYNC), broken);
  }

  @ParameterizedTest
  @MethodSource("plants")
  void whatIsPlantedIsNamed(Mutation mutation) {
    int planted = 0;
    for (long seed = 100; planted < WRONG; seed++) {
      assertTrue(seed < 100 + 5 * WRONG, "hardly a history has a place for it");
      boolean lossy = mutation.lossy() && seed % 2 == 0;
      PlantedHistory history = new PlantedHistory(seed, lossy);
      try {
        mutation.in().accept(history);
      } catch (PlantedHistory.NoPlace tryAnother) {
        continue;
      }
      planted++;
      Verdict verdict = Checker.check(history.entries, Expected.of(lossy));
      Set<Rule> named = EnumSet.noneOf(Rule.class);
      named.addAll(verdict.rules());
      named.removeAll(mutation.excused());
      assertEquals(mutation.rules(), named, told(mutation.name(), seed, verdict));
    }
  }

  static List<Mutation> plants() {
    List<Mutation> plants = new ArrayList<>(PlantedLog.all());
    plants.addAll(PlantedStreams.all());
    plants.addAll(PlantedRest.all());
    return plants;
  }

  /** Every rule has a fault that it must name. */
  @Test
  void everyRuleHasItsPlant() {
    Set<Rule> rules = EnumSet.allOf(Rule.class);
    plants().forEach(mutation -> rules.removeAll(mutation.rules()));
    assertEquals(Set.of(), rules);
  }

  private static String told(String what, long seed, Verdict verdict) {
    return Report.table(List.of(Report.line(what, seed, verdict)));
  }
}
