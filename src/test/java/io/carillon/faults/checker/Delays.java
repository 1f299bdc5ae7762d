package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.Delivered;
import io.carillon.faults.history.Entry.Joined;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How long events took from their ack to each reader, and how long all that a fault disturbed took
 * after it was healed: events that came more than a second late, readers that were away and
 * publishes that waited for more than a second, and publishes that found the service unable.
 */
final class Delays {
  /** A time in which something was not as it should be. */
  private record Trouble(long from, long to) {}

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final Set<String> UNABLE = Set.of("overloaded", "storage", "unknown");

  private final Facts facts;
  private final Findings findings;
  private final Map<Stream, Long> away = new HashMap<>();
  private final List<Trouble> troubles = new ArrayList<>();
  private long[] quiet = new long[1024];
  private int measured;
  private long worst = -1;
  private long longest = -1;

  Delays(Facts facts, Findings findings) {
    this.facts = facts;
    this.findings = findings;
  }

  /** Before the stream knows. */
  void cut(Stream stream, Entry end) {
    if (stream.joined()) {
      away.putIfAbsent(stream, end.at());
      stalled(stream, end);
    }
  }

  /** A connection that was up for long and did not give what was next is late as well. */
  private void stalled(Stream stream, Entry end) {
    Place place = stream.place();
    Op owed =
        place == null
            ? null
            : facts.at(stream.log().room, new Place(stream.log().epoch(), place.seq() + 1));
    if (owed == null || exempt(stream)) {
      return;
    }
    long stored = Math.min(owed.safe, owed.known);
    long since = Math.max(stored, Math.max(stream.joinedAt(), stream.deliveredAt()));
    long late = facts.expected.late().toNanos();
    boolean revoked = facts.revoked(stream.reader, stream.log().room);
    if (end.at() - since > late && facts.quiet.quiet(since, since + late) && !revoked) {
      findings.add(
          Rule.LATE,
          stream.who()
              + " was connected and not given "
              + (place.seq() + 1)
              + " for "
              + millis(end.at() - since)
              + " ms",
          owed.publish,
          end);
    }
  }

  void joined(Stream stream, Joined join) {
    Long since = away.remove(stream);
    if (since != null && !exempt(stream)) {
      longest = Math.max(longest, join.at() - since);
    }
    if (since != null && join.at() > since + SECOND && !exempt(stream)) {
      troubles.add(new Trouble(since + SECOND, join.at()));
    }
  }

  /** Before the stream takes it. */
  void delivered(Stream stream, Delivered event) {
    Op op = facts.op(event.room(), event.id(), event.data());
    if (op == null || op.safe < stream.beganAt() || exempt(stream) || !itsOwn(op, event)) {
      return;
    }
    long delay = Math.max(0, event.at() - op.safe);
    worst = Math.max(worst, delay);
    if (delay > SECOND) {
      troubles.add(new Trouble(op.safe + SECOND, event.at()));
    }
    long late = facts.expected.late().toNanos();
    boolean live = stream.joined() && stream.joinedAt() <= op.safe;
    if (live && facts.quiet.quiet(op.safe, op.safe + Math.min(delay, late))) {
      measure(delay);
      if (delay > late) {
        findings.add(
            Rule.LATE,
            stream.who() + " got " + event.seq() + ' ' + delay / 1_000_000 + " ms after its ack",
            op.publish,
            event);
      }
    }
  }

  /** Whether it is known when it was stored, and this is where it was. */
  private static boolean itsOwn(Op op, Delivered event) {
    if (op.safe == Op.NEVER) {
      return false;
    }
    return op.rows.isEmpty()
        ? !op.acks.isEmpty() && op.acks.getFirst().seq() == event.seq()
        : op.rows.getFirst().seq() == event.seq();
  }

  private boolean exempt(Stream stream) {
    return facts.expected.exempt().contains(stream.reader);
  }

  private void measure(long delay) {
    if (measured == quiet.length) {
      quiet = Arrays.copyOf(quiet, measured * 2);
    }
    quiet[measured++] = delay;
  }

  /** The figures, when every stream was followed to its end; judges the recovery too. */
  DelayFigures timing() {
    long recover = recover();
    Arrays.sort(quiet, 0, measured);
    return new DelayFigures(
        percentile(50),
        percentile(99),
        percentile(100),
        millis(worst),
        millis(recover),
        millis(longest),
        seconds());
  }

  private long percentile(int percent) {
    return measured == 0 ? -1 : millis(quiet[(int) ((measured - 1L) * percent / 100)]);
  }

  private static long millis(long nanos) {
    return nanos < 0 ? -1 : nanos / 1_000_000;
  }

  private long seconds() {
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    for (Entry entry : facts.entries) {
      first = Math.min(first, entry.at());
      last = Math.max(last, entry.at());
    }
    return facts.entries.isEmpty() ? 0 : (last - first) / SECOND;
  }

  private long recover() {
    waits();
    troubles.sort(Comparator.comparingLong(Trouble::from));
    long longest = -1;
    for (QuietPeriods.Spell spell : facts.quiet.spells()) {
      if (spell.off() == Long.MAX_VALUE) {
        continue;
      }
      long well = well(spell.off());
      if (well < facts.quiet.next(spell.off())) {
        long took = well - spell.off();
        longest = Math.max(longest, took);
        if (took > facts.expected.recover().toNanos()) {
          findings.add(
              Rule.RECOVERY,
              "all was well only " + millis(took) + " ms after the fault was healed");
        }
      }
    }
    return longest;
  }

  /** From when on nothing was wrong for a second. */
  private long well(long healed) {
    long well = healed;
    for (Trouble trouble : troubles) {
      if (trouble.from >= well + SECOND) {
        break;
      }
      well = Math.max(well, trouble.to);
    }
    return well;
  }

  private void waits() {
    for (Op op : facts.ops()) {
      boolean unable = op.refused != null && UNABLE.contains(op.refused.code());
      long from = op.publish.at() + (unable ? 0 : SECOND);
      long to = op.safe == Op.NEVER ? op.answered : op.safe;
      if (to > from) {
        troubles.add(new Trouble(from, to));
      }
    }
  }
}
