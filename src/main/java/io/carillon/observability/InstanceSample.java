package io.carillon.observability;

import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Sample of one second of an instance, as it is published to {@code carillon:instances}.
 *
 * @param instance its name
 * @param url where people reach it; empty: that is not told
 * @param uptime since the reporter began, in seconds
 * @param connections open now
 * @param rooms with readers here
 * @param rates what happened a second, since the last sample
 * @param latencies number of events that entered a room's sequence here since the last sample; the
 *     basis of the two quantiles below
 * @param p50 median publish to deliver, in ms
 * @param p99 99th percentile of the same, in ms
 * @param heapUsed in MiB
 * @param heapCommitted in MiB
 * @param cores processor cores used by the process, 1.0 is one
 * @param roundTrip the last tiny query's, in ms
 */
record InstanceSample(
    String instance,
    String url,
    double uptime,
    long connections,
    long rooms,
    InstanceReporter.Rates rates,
    long latencies,
    double p50,
    double p99,
    double heapUsed,
    double heapCommitted,
    double cores,
    double roundTrip) {

  /** The sample as JSON text; quantiles are null without a latency. */
  String json() {
    JsonObjectBuilder latency = Json.createObjectBuilder().add("count", latencies);
    if (latencies > 0) {
      latency.add("p50", rounded(p50, 3)).add("p99", rounded(p99, 3));
    } else {
      latency.addNull("p50").addNull("p99");
    }
    JsonObjectBuilder sample = Json.createObjectBuilder().add("instance", instance);
    if (!url.isEmpty()) {
      sample.add("url", url);
    }
    return sample
        .add("uptime", rounded(uptime, 1))
        .add("connections", connections)
        .add("rooms", rooms)
        .add("opened", rounded(rates.opened(), 1))
        .add("published", rounded(rates.published(), 1))
        .add("delivered", rounded(rates.delivered(), 1))
        .add("latency", latency)
        .add(
            "heap",
            Json.createObjectBuilder()
                .add("used", rounded(heapUsed, 1))
                .add("committed", rounded(heapCommitted, 1)))
        .add("cores", rounded(cores, 3))
        .add("roundTrip", rounded(roundTrip, 3))
        .build()
        .toString();
  }

  private static BigDecimal rounded(double value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
  }
}
