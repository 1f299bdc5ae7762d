package io.carillon.faults.checker;

import io.carillon.faults.history.Entry.Delivered;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of one reader's stream that must be without a hole: from where it was placed to the
 * last seq that it got, on one branch of the log.
 */
final class Segment {
  /** How an event stands to those before it. */
  enum Step {
    /** The next one. */
    NEXT,
    /** Later than the next one; whether those between come later is told by the end. */
    AHEAD,
    /** One that was left out before. */
    BELATED,
    /** One that is there already. */
    AGAIN,
    /** From before the place where the stretch begins. */
    BEFORE
  }

  /** Seqs that were left out, and what came instead. */
  record Gap(long from, long to, Delivered instead) {}

  /** The epoch of a branch that was cut off; empty for what the room kept. */
  final String branch;

  private final long start;
  private final TreeMap<Long, Gap> gaps = new TreeMap<>();
  private long top;

  Segment(String branch, long start) {
    this.branch = branch;
    this.start = start;
    this.top = start;
  }

  /** The highest seq, or the start. */
  long top() {
    return top;
  }

  Step take(Delivered event) {
    long seq = event.seq();
    if (seq > top) {
      boolean next = seq == top + 1;
      if (!next) {
        gaps.put(top + 1, new Gap(top + 1, seq - 1, event));
      }
      top = seq;
      return next ? Step.NEXT : Step.AHEAD;
    }
    Gap gap = gap(seq);
    if (gap == null) {
      return seq > start ? Step.AGAIN : Step.BEFORE;
    }
    gaps.remove(gap.from);
    if (gap.from < seq) {
      gaps.put(gap.from, new Gap(gap.from, seq - 1, gap.instead));
    }
    if (seq < gap.to) {
      gaps.put(seq + 1, new Gap(seq + 1, gap.to, gap.instead));
    }
    return Step.BELATED;
  }

  /** Whether it holds this event. */
  boolean has(String ofBranch, long seq) {
    return branch.equals(ofBranch) && seq > start && seq <= top && gap(seq) == null;
  }

  /** What is still left out. */
  Iterable<Gap> gaps() {
    return gaps.values();
  }

  private @Nullable Gap gap(long seq) {
    Map.Entry<Long, Gap> before = gaps.floorEntry(seq);
    return before == null || before.getValue().to < seq ? null : before.getValue();
  }
}
