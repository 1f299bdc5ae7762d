package io.carillon.faults.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.faults.history.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Lists of members at the edges: acknowledgements, faults, the grace. */
final class MembersTest {
  private static final long SECOND = 1_000_000_000;
  private static final Expectations STRICT = Expectations.strict();
  private static final Expectations EXCUSING = STRICT.excusingPresenceInFaults();

  private final List<Entry> entries = new ArrayList<>();

  MembersTest() {
    entries.add(new Entry.Connect(0, "observer", "ws", 0));
    view(0.5);
    presence(1, true, 2);
    view(1.1, "user");
    entries.add(new Entry.Settled(60 * SECOND));
  }

  private static long at(double seconds) {
    return (long) (seconds * SECOND);
  }

  private void view(double seconds, String... users) {
    entries.add(new Entry.View(at(seconds), "observer", "room", Set.of(users)));
  }

  private void presence(double seconds, boolean present, double within) {
    entries.add(new Entry.Presence(at(seconds), "user", "room", present, at(within)));
  }

  private void fault(double on, double off) {
    entries.add(new Entry.FaultOn(at(on), "F7", "node"));
    entries.add(new Entry.FaultOff(at(off), "F7", "node"));
  }

  private Set<Rule> check(Expectations expected) {
    entries.sort(Comparator.comparingLong(Entry::at));
    return Checker.check(entries, expected).rules();
  }

  @Test
  void aListMayBeRightBeforeTheChangeIsAcknowledged() {
    view(30);
    presence(31, false, 2);
    assertEquals(Set.of(), check(STRICT));
  }

  @Test
  void butItMayNotGoBackThen() {
    view(30);
    view(30.5, "user");
    presence(31, false, 2);
    view(31.1);
    assertEquals(Set.of(Rule.FLICKER), check(STRICT));
  }

  @Test
  void aChangeThatIsNotSeenInTimeIsNamed() {
    presence(30, false, 2);
    view(32.5);
    assertEquals(Set.of(Rule.PRESENCE), check(STRICT));
  }

  @Test
  void oneThatIsBackWithinTheGraceIsNotSeenToLeave() {
    presence(30, false, 8);
    presence(33, true, 2);
    assertEquals(Set.of(), check(STRICT));
    view(31);
    view(33.1, "user");
    assertEquals(Set.of(Rule.FLICKER), check(STRICT));
  }

  @Test
  void oneThatSaidGoodbyeIs() {
    presence(30, false, 2);
    view(30.1);
    presence(33, true, 2);
    view(33.1, "user");
    assertEquals(Set.of(), check(STRICT));
  }

  @Test
  void aFaultExcusesOnlyWhereItIsSaidTo() {
    fault(20, 22);
    view(21);
    view(25, "user");
    assertEquals(Set.of(), check(EXCUSING));
    assertEquals(Set.of(Rule.FLICKER), check(STRICT));
  }

  @Test
  void aFaultDoesNotExcuseForEver() {
    fault(20, 22);
    view(21);
    assertEquals(Set.of(Rule.PRESENCE), check(EXCUSING));
  }

  @Test
  void whoIsNotConnectedIsNotJudged() {
    entries.add(new Entry.Disconnect(at(29), "observer", "cut"));
    presence(30, false, 2);
    assertEquals(Set.of(), check(STRICT));
    entries.add(new Entry.Connect(at(40), "observer", "ws", 0));
    view(40.1, "user");
    assertEquals(Set.of(Rule.PRESENCE), check(STRICT));
  }

  @Test
  void whoseFirstAttemptIsUncertainIsThereOnceItSaysSo() {
    entries.clear();
    entries.add(new Entry.Connect(0, "observer", "ws", 0));
    presence(1, false, 46);
    view(1.5, "user");
    presence(2, true, 5);
    presence(46.5, false, 8);
    presence(47.5, true, 5);
    entries.add(new Entry.Settled(60 * SECOND));
    assertEquals(Set.of(), check(STRICT));
    view(50);
    assertEquals(Set.of(Rule.FLICKER, Rule.PRESENCE), check(STRICT));
  }

  @Test
  void anAttemptThatMayHaveHalfSucceededIsUncertainForItsTime() {
    presence(30, false, 2);
    view(30.1);
    presence(40, false, 10);
    view(40.5, "user");
    view(46);
    assertEquals(Set.of(), check(STRICT));
    view(46.1, "user");
    assertEquals(Set.of(Rule.PRESENCE), check(STRICT));
  }
}
