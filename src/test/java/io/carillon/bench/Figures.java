package io.carillon.bench;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What one run showed, or the medians of several.
 *
 * @param rate deliveries a second
 * @param publishes a second
 * @param each microseconds of processor time a delivery, of each process by its name
 * @param shares what part of the deliveries each target made, in their order
 * @param p50 milliseconds from the intended publish to the delivery
 * @param readSize messages that came with one read of the socket
 * @param bytes received for one message
 * @param wrong lost, doubled, out of order, or of another room; connections that did not come up or
 *     were lost
 */
record Figures(
    double rate,
    double publishes,
    Map<String, Double> each,
    List<Double> shares,
    double p50,
    double p99,
    double p999,
    double readSize,
    double bytes,
    double wrong) {

  static Figures of(Contender contender, JsonObject answer) {
    JsonObject cpu = answer.getJsonObject("cpu");
    Map<String, Double> each = new LinkedHashMap<>();
    for (String process : contender.processes().keySet()) {
      each.put(process, number(cpu.getJsonObject(process), "us_per_msg"));
    }
    double wrong = number(answer, "subs") + number(answer, "pubs") - number(answer, "ready");
    for (String kind : List.of("lost", "dup", "ooo", "stale", "misrouted", "conn_fail", "closed")) {
      wrong += number(answer, kind);
    }
    return new Figures(
        number(answer, "msgs_s"),
        number(answer, "pub_rate"),
        each,
        shares(answer),
        number(answer, "p50_us") / 1000,
        number(answer, "p99_us") / 1000,
        number(answer, "p999_us") / 1000,
        number(answer, "msgs_per_read"),
        number(answer, "rx_bytes_per_msg"),
        wrong);
  }

  /** The generator tells it only if there are several. */
  private static List<Double> shares(JsonObject answer) {
    JsonArray targets = answer.getJsonArray("by_target");
    if (targets == null) {
      return List.of(1.0);
    }
    List<Double> made =
        targets.getValuesAs(JsonObject.class).stream().map(target -> number(target, "n")).toList();
    double all = made.stream().mapToDouble(n -> n).sum();
    return made.stream().map(n -> n / all).toList();
  }

  /** Microseconds of the servers' processor time a delivery. */
  double cpu() {
    return each.entrySet().stream()
        .filter(process -> !process.getKey().equals(Contender.DATABASE))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** The same of their database; 0: none. */
  double databaseCpu() {
    return each.getOrDefault(Contender.DATABASE, 0.0);
  }

  private static double number(JsonObject object, String name) {
    JsonNumber number = object.getJsonNumber(name);
    return number == null ? 0 : number.doubleValue();
  }

  /** The median of each figure; of what is wrong, the sum. */
  static Figures medians(List<Figures> runs) {
    Map<String, Double> each = new LinkedHashMap<>();
    for (String process : runs.getFirst().each.keySet()) {
      each.put(process, median(runs, run -> run.each.get(process)));
    }
    List<Double> shares =
        IntStream.range(0, runs.getFirst().shares.size())
            .mapToObj(target -> median(runs, run -> run.shares.get(target)))
            .toList();
    return new Figures(
        median(runs, Figures::rate),
        median(runs, Figures::publishes),
        each,
        shares,
        median(runs, Figures::p50),
        median(runs, Figures::p99),
        median(runs, Figures::p999),
        median(runs, Figures::readSize),
        median(runs, Figures::bytes),
        runs.stream().mapToDouble(Figures::wrong).sum());
  }

  private static double median(List<Figures> runs, ToDoubleFunction<Figures> figure) {
    List<Figures> sorted = runs.stream().sorted(Comparator.comparingDouble(figure)).toList();
    int middle = sorted.size() / 2;
    double upper = figure.applyAsDouble(sorted.get(middle));
    return sorted.size() % 2 == 1
        ? upper
        : (upper + figure.applyAsDouble(sorted.get(middle - 1))) / 2;
  }
}
