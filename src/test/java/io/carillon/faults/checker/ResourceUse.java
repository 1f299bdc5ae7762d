package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import io.carillon.faults.history.Entry.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an instance holds at the end is near what it held in the beginning, and over many samples
 * does not climb.
 */
final class ResourceUse {
  private static final int ENOUGH = 12;

  private final Facts facts;
  private final Findings findings;

  ResourceUse(Facts facts, Findings findings) {
    this.facts = facts;
    this.findings = findings;
  }

  void check() {
    Map<Integer, List<Resources>> instances = new HashMap<>();
    for (Entry entry : facts.entries) {
      if (entry instanceof Resources sample) {
        instances.computeIfAbsent(sample.instance(), number -> new ArrayList<>()).add(sample);
      }
    }
    facts
        .expected
        .growth()
        .forEach((figure, growth) -> instances.values().forEach(s -> check(figure, growth, s)));
  }

  private void check(String figure, Growth growth, List<Resources> all) {
    List<Resources> samples =
        all.stream().filter(sample -> sample.figures().containsKey(figure)).toList();
    if (samples.size() < 2) {
      return;
    }
    Resources first = samples.getFirst();
    Resources last = samples.getLast();
    long most = growth.most(of(first, figure));
    if (of(last, figure) > most) {
      findings.add(
          Rule.RESOURCES,
          figure
              + " of instance "
              + first.instance()
              + " ended at "
              + of(last, figure)
              + ", allowed is "
              + most,
          first,
          last);
    } else if (samples.size() >= ENOUGH) {
      climb(figure, growth, samples);
    }
  }

  /** The straight line through the later two thirds must not rise by more than is allowed. */
  private void climb(String figure, Growth growth, List<Resources> samples) {
    List<Resources> later = samples.subList(samples.size() / 3, samples.size());
    Resources first = later.getFirst();
    Resources last = later.getLast();
    double n = later.size();
    double meanAt = later.stream().mapToLong(s -> s.at() - first.at()).average().orElse(0);
    double mean = later.stream().mapToLong(s -> of(s, figure)).average().orElse(0);
    double together = 0;
    double spread = 0;
    for (Resources sample : later) {
      double at = sample.at() - first.at() - meanAt;
      together += at * (of(sample, figure) - mean);
      spread += at * at;
    }
    double rise = spread == 0 ? 0 : together / spread * (last.at() - first.at());
    double allowed = growth.most((long) mean) - mean;
    if (rise > allowed) {
      findings.add(
          Rule.RESOURCES,
          figure
              + " of instance "
              + first.instance()
              + " climbs: "
              + Math.round(rise)
              + " over "
              + Math.round(n)
              + " samples",
          first,
          last);
    }
  }

  private static long of(Resources sample, String figure) {
    Long value = sample.figures().get(figure);
    return value == null ? 0 : value;
  }
}
