package io.carillon.faults.stage;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** What an instance tells of itself at {@code /metrics}, at one moment. */
public final class Metrics {
  private final List<String> lines;

  private Metrics(List<String> lines) {
    this.lines = lines;
  }

  /**
   * Asks an instance.
   *
   * @throws IOException if it does not answer, or not with 200
   */
  public static Metrics of(HttpClient http, URI instance) throws IOException, InterruptedException {
    HttpRequest ask = HttpRequest.newBuilder(instance.resolve("/metrics")).build();
    HttpResponse<String> answer = http.send(ask, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("metrics answered " + answer.statusCode());
    }
    return new Metrics(answer.body().lines().filter(line -> !line.startsWith("#")).toList());
  }

  /** The sum of a metric over all its labels; 0 if it is not there. */
  public double sum(String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
