package io.carillon.faults.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.faults.history.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * One reader of a room whose log was cut back: epoch {@code a} up to 50, then {@code b}; events 51
 * and 52 of {@code a} are gone.
 */
final class StreamTest {
  private static final Expectations EXPECTED =
      Expectations.strict().allowingLoss().allowingResyncs("epoch", "ahead", "expired");
  private static final long HEAD = 60;

  private final List<Entry> entries = new ArrayList<>();
  private long now = 1_000;

  StreamTest() {
    for (int seq = 1; seq <= HEAD; seq++) {
      publish("k" + seq);
    }
    publish("gone51");
    publish("gone52");
    entries.add(new Entry.Connect(now++, "reader", "ws", 0));
  }

  private void publish(String key) {
    entries.add(
        new Entry.Publish(now++, entries.size(), "p", "ws", "room", key, "\"" + key + "\""));
  }

  private void join(String after, String cursor, boolean recovered) {
    entries.add(new Entry.Joined(now++, "reader", "room", after, cursor, "b." + HEAD, recovered));
  }

  private void again(String after, String cursor, boolean recovered) {
    entries.add(new Entry.Disconnect(now++, "reader", "cut"));
    entries.add(new Entry.Connect(now++, "reader", "ws", 1));
    join(after, cursor, recovered);
  }

  private void resync(String reason, String head) {
    entries.add(new Entry.Resync(now++, "reader", "room", reason, head, "b.0"));
  }

  private void deliver(long from, long to) {
    for (long seq = from; seq <= to; seq++) {
      deliver(seq <= 50 ? "a" : "b", seq, "k" + seq);
    }
  }

  private void deliver(String epoch, long seq, String key) {
    entries.add(new Entry.Delivered(now++, "reader", "room", epoch, seq, key, "\"" + key + "\""));
  }

  private Set<Rule> check() {
    List<Entry> all = new ArrayList<>(entries);
    all.add(new Entry.Settled(now++));
    all.add(new Entry.Head(now++, "room", "b", HEAD, 0));
    all.add(new Entry.Fork(now++, "room", "a", 50));
    for (long seq = 1; seq <= HEAD; seq++) {
      String key = "k" + seq;
      all.add(new Entry.Row(now++, "room", seq <= 50 ? "a" : "b", seq, key, "\"" + key + "\""));
    }
    return Checker.check(all, EXPECTED).rules();
  }

  @Test
  void aReaderAtTheForkGoesOn() {
    join("", "a.48", false);
    deliver(49, HEAD);
    assertEquals(Set.of(), check());
  }

  @Test
  void aCursorMayNameTheNewEpochBelowTheFork() {
    join("0.0", "b.0", true);
    deliver(1, 20);
    again("a.20", "b.20", true);
    deliver(21, HEAD);
    assertEquals(Set.of(), check());
  }

  @Test
  void aReaderOfWhatIsGoneMustBeTold() {
    join("", "a.49", false);
    deliver(50, 50);
    deliver("a", 51, "gone51");
    deliver("a", 52, "gone52");
    deliver(53, HEAD);
    assertEquals(Set.of(Rule.SILENT), check());
  }

  @Test
  void toldItMayReadTheNewOnesOfTheSameNumbers() {
    join("", "a.49", false);
    deliver(50, 50);
    deliver("a", 51, "gone51");
    deliver("a", 52, "gone52");
    resync("epoch", "b.50");
    deliver(51, HEAD);
    assertEquals(Set.of(), check());
  }

  @Test
  void beforeTheFirstEventOfTheNewEpochItIsAhead() {
    join("", "a.49", false);
    deliver(50, 50);
    deliver("a", 51, "gone51");
    again("a.51", "a.50", false);
    resync("ahead", "a.50");
    deliver(51, HEAD);
    assertEquals(Set.of(), check());
  }

  @Test
  void recoveredAcrossTheForkIsALie() {
    join("", "a.49", false);
    deliver(50, 50);
    deliver("a", 51, "gone51");
    again("a.51", "b.51", true);
    deliver(52, HEAD);
    assertEquals(Set.of(Rule.RECOVERED), check());
  }

  @Test
  void whatWasReadBeforeTheForkDoesNotComeAgain() {
    join("", "a.47", false);
    deliver(48, 50);
    deliver("a", 51, "gone51");
    resync("epoch", "b.48");
    deliver(49, HEAD);
    assertEquals(Set.of(Rule.DUPLICATED), check());
  }

  @Test
  void aGapOnTheBranchThatIsGoneIsAGap() {
    join("", "a.49", false);
    deliver(50, 50);
    deliver("a", 52, "gone52");
    resync("epoch", "b.60");
    assertEquals(Set.of(Rule.SKIPPED), check());
  }

  @Test
  void aMoveIsToldInTheSameConnectionOrByTheNextJoin() {
    join("0.0", "b.0", true);
    deliver(1, 10);
    again("a.10", "b.40", false);
    again("a.10", "a.10", true);
    deliver(11, HEAD);
    assertEquals(Set.of(), check());
  }

  @Test
  void anEpochThatDidNotForkBeforeTheReaderIsNoReason() {
    join("", "a.49", false);
    deliver(50, 50);
    resync("epoch", "b.50");
    deliver(51, HEAD);
    assertEquals(Set.of(Rule.RESYNC), check());
  }
}
