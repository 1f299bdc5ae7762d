package io.carillon.faults.checker;

import io.carillon.faults.history.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Verdicts as text for people: a table with a line for each run, and the details of what is wrong.
 */
public final class Report {
  /** One run and what came of it. */
  public record Line(String fault, long seed, Verdict verdict) {}

  private static final List<String> TITLES =
      List.of(
          "fault",
          "seed",
          "s",
          "published",
          "acked",
          "unknown",
          "refused",
          "delivered",
          "lost",
          "dup",
          "reord",
          "resyncs",
          "recover ms",
          "away ms",
          "p99 ms",
          "verdict");
  private static final int PROOF = 400;

  private Report() {}

  /** A line of the table. */
  public static Line line(String fault, long seed, Verdict verdict) {
    return new Line(fault, seed, verdict);
  }

  /** The table in plain text, with the details of all violations below it. */
  public static String table(List<Line> lines) {
    List<List<String>> rows = rows(lines);
    StringBuilder out = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        int width = width(rows, i);
        boolean left = i == 0 || i >= row.size() - 1 || TITLES.get(i).equals("resyncs");
        text.append(
            String.format(Locale.ROOT, "%" + (left ? "-" : "") + width + "s  ", row.get(i)));
      }
      out.append(text.toString().stripTrailing()).append('\n');
    }
    lines.forEach(line -> out.append(details(line)));
    return out.toString();
  }

  /** The table in Markdown, without details. */
  public static String markdown(List<Line> lines) {
    StringBuilder out = new StringBuilder();
    List<List<String>> rows = rows(lines);
    for (int i = 0; i < rows.size(); i++) {
      out.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
      if (i == 0) {
        out.append("|").append(" --- |".repeat(TITLES.size())).append('\n');
      }
    }
    return out.toString();
  }

  /** What is wrong in one run; empty if nothing is. */
  public static String details(Line line) {
    Verdict verdict = line.verdict;
    if (verdict.passed()) {
      return "";
    }
    StringBuilder out = new StringBuilder();
    out.append('\n').append(line.fault).append(" with seed ").append(line.seed).append(":\n");
    for (Map.Entry<Rule, Long> rule : new TreeMap<>(verdict.found()).entrySet()) {
      out.append("  ").append(rule.getKey().word()).append(" (").append(rule.getKey().guarantee());
      out.append(") ").append(rule.getValue()).append(" times\n");
      for (Violation violation : verdict.violations()) {
        if (violation.rule() == rule.getKey()) {
          out.append("    ").append(violation.sentence()).append('\n');
          for (Entry proof : violation.proof()) {
            String text = proof.toString();
            out.append("      ").append(text, 0, Math.min(PROOF, text.length())).append('\n');
          }
        }
      }
    }
    return out.toString();
  }

  private static List<List<String>> rows(List<Line> lines) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(TITLES);
    for (Line line : lines) {
      Verdict verdict = line.verdict;
      Counts counts = verdict.counts();
      DelayFigures timing = verdict.timing();
      rows.add(
          List.of(
              line.fault,
              Long.toString(line.seed),
              Long.toString(timing.seconds()),
              Long.toString(counts.published()),
              Long.toString(counts.acked()),
              Long.toString(counts.unknown()),
              Long.toString(counts.refused()),
              Long.toString(counts.delivered()),
              lost(verdict),
              Long.toString(verdict.count(Rule.DUPLICATED)),
              Long.toString(verdict.count(Rule.REORDERED)),
              resyncs(counts.resyncs()),
              figure(timing.recover()),
              figure(timing.away()),
              figure(timing.p99()),
              verdict.passed() ? "pass" : "FAIL " + words(verdict)));
    }
    return rows;
  }

  /** Lost from the log and lost to a reader; in brackets what was allowed to be lost. */
  private static String lost(Verdict verdict) {
    long lost = verdict.count(Rule.LOST) + verdict.count(Rule.SKIPPED);
    long forgiven = verdict.counts().forgiven();
    return forgiven == 0 ? Long.toString(lost) : lost + " (" + forgiven + ')';
  }

  private static String resyncs(Map<String, Long> resyncs) {
    if (resyncs.isEmpty()) {
      return "0";
    }
    List<String> words = new ArrayList<>();
    resyncs.forEach((reason, many) -> words.add(reason + ' ' + many));
    return String.join(", ", words);
  }

  private static String figure(long value) {
    return value < 0 ? "-" : Long.toString(value);
  }

  private static String words(Verdict verdict) {
    return String.join(", ", verdict.rules().stream().sorted().map(Rule::word).toList());
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(1);
  }
}
