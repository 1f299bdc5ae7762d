package io.carillon.bench;

import java.util.List;

/**
 * One load. Every message carries 120 bytes and is sent with a time and a number, so that the
 * generator sees what is late, lost, doubled or out of order.
 *
 * @param name as in docs/performance-results.md
 * @param carrier what the readers read by
 * @param readers how many
 * @param rooms over how many rooms they are spread
 * @param pace how messages are published, in the generator's words
 */
record Scenario(String name, Carrier carrier, int readers, int rooms, List<String> pace) {
  /** What readers read by. */
  enum Carrier {
    WEBSOCKET,
    STREAM,
    POLL
  }

  private static final List<String> FIFTY = rate(1, 50);
  private static final List<String> FULL = window(1, 100);

  /** All of them. */
  static final List<Scenario> ALL =
      List.of(
          new Scenario("A1", Carrier.WEBSOCKET, 1000, 1, FIFTY),
          new Scenario("A2", Carrier.WEBSOCKET, 1000, 1, FULL),
          new Scenario("A3", Carrier.WEBSOCKET, 1000, 100, rate(4, 2000)),
          new Scenario("A4", Carrier.WEBSOCKET, 1000, 100, window(4, 1000)),
          new Scenario("B", Carrier.WEBSOCKET, 500, 50, List.of("--pub", "self", "--rate", "500")),
          new Scenario("SSE-A1", Carrier.STREAM, 1000, 1, FIFTY),
          new Scenario("SSE-A2", Carrier.STREAM, 1000, 1, FULL),
          new Scenario("POLL-A1", Carrier.POLL, 1000, 1, FIFTY),
          new Scenario("POLL-A2", Carrier.POLL, 1000, 1, FULL),
          new Scenario("10K", Carrier.WEBSOCKET, 10_000, 1, rate(1, 5)));

  /** The one with that name. */
  static Scenario named(String name) {
    return ALL.stream()
        .filter(s -> s.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no scenario " + name));
  }

  /** So many a second, whatever comes back. */
  static List<String> rate(int publishers, int rate) {
    return List.of("--pub", "ws", "--pubs", "" + publishers, "--rate", "" + rate);
  }

  /** As fast as it goes: so many messages may be on their way. */
  static List<String> window(int publishers, int messages) {
    return List.of("--pub", "ws", "--pubs", "" + publishers, "--window", "" + messages);
  }
}
