package io.carillon.kit.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** What an instance tells of itself at {@code /metrics}, at one moment. */
public final class Metrics {
  private final String text;

  private Metrics(String text) {
    this.text = text;
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
    return new Metrics(answer.body());
  }

  /** All of it, as it was written. */
  public String text() {
    return text;
  }

  /** The sum of a metric over all its labels; 0 if it is not there. */
  public double sum(String name) {
    return sum(name, "");
  }

  /** The sum over those samples whose labels contain this text. */
  public double sum(String name, String label) {
    return text.lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
