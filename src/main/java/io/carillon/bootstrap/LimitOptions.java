package io.carillon.bootstrap;

import io.carillon.core.limit.Limit;
import io.carillon.core.limit.LimitSettings;
import io.carillon.core.limit.Rate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.Config;

/** Part of the list of settings that is about limits; see {@link Options#ALL}. */
final class LimitOptions {
  private static final String PREFIX = "carillon.limits.";
  private static final String OFF = "off";

  static final Option<Set<String>> EXEMPT =
      Option.list(PREFIX + "exempt", "Users, such as services, whom no limit by user applies to");

  private static final Map<Limit, Option<Optional<Rate>>> RATES = new EnumMap<>(Limit.class);
  private static final Map<Limit, Option<Optional<Integer>>> COUNTS = new EnumMap<>(Limit.class);

  static {
    rate(Limit.CONNECTS_USER, "10/100", "New connections of a user");
    rate(Limit.CONNECTS_ADDRESS, "200/5000", "New connections from an address");
    rate(Limit.CONNECTS_INSTANCE, "1000/5000", "New connections of everybody");
    rate(
        Limit.REQUESTS_ADDRESS,
        "1000/10000",
        "Requests from an address, and what it publishes, signals and reads over sockets");
    rate(Limit.JOINS_USER, "100/2000", "Joins of a user, over sockets and streams");
    rate(Limit.PUBLISHES_USER, "500/5000", "Events that a user publishes");
    rate(Limit.BYTES_USER, "1048576/8388608", "Bytes of them");
    rate(Limit.SIGNALS_USER, "100/1000", "Signals of a user");
    rate(Limit.HISTORY_USER, "10/200", "Reads of history of a user");
    rate(Limit.MEMBERS_USER, "10/200", "Reads of members and of the state of rooms of a user");
    rate(Limit.TICKETS_USER, "5/100", "Tickets of a user");
    rate(Limit.POLLS_USER, "50/500", "Long polls of a user");
    rate(
        Limit.HANDLED_USER,
        "500/5000",
        "Messages of a Socket.IO user for an application's own handlers");
    rate(Limit.PINGS_CONNECTION, "10/100", "Pings of a connection, also those of the WebSocket");
    rate(
        Limit.PUBLISHES_ROOM,
        "1000/10000",
        "Events that all together publish to a room, but not in transactions of their own");
    rate(Limit.SIGNALS_ROOM, "1000/10000", "Signals that all together send to a room");
    count(Limit.CONNECTIONS_USER, 100, "Most open connections of a user");
    count(Limit.CONNECTIONS_ADDRESS, 10_000, "Most open connections from an address");
    count(Limit.READERS_ROOM, 100_000, "Most connections that have joined a room");
    count(Limit.MEMBERS_ROOM, 10_000, "Most connections and leases that are present in a room");
    count(Limit.READERS_NAMESPACE, 500_000, "Most joined rooms of all connections in a namespace");
  }

  static final List<Option<?>> ALL = all();

  private LimitOptions() {}

  private static void rate(Limit limit, String fallback, String meaning) {
    RATES.put(
        limit,
        new Option<>(
            PREFIX + limit.word(),
            fallback,
            meaning + ": a second/at once, or off",
            text -> isOff(text) ? Optional.empty() : Optional.of(Rate.parse(text))));
  }

  private static void count(Limit limit, int fallback, String meaning) {
    Option<Integer> number = Option.number("", fallback, 1, Integer.MAX_VALUE, meaning);
    COUNTS.put(
        limit,
        new Option<>(
            PREFIX + limit.word(),
            number.fallback(),
            meaning + ", or off",
            text -> isOff(text) ? Optional.empty() : Optional.of(number.reader().apply(text))));
  }

  private static boolean isOff(String text) {
    return text.strip().equals(OFF);
  }

  private static List<Option<?>> all() {
    List<Option<?>> all = new ArrayList<>(RATES.values());
    all.addAll(COUNTS.values());
    all.add(EXEMPT);
    return List.copyOf(all);
  }

  /** Reads them; in demo mode those that are not set are off. */
  static LimitSettings read(Config config) {
    Map<Limit, Rate> rates = new EnumMap<>(Limit.class);
    Map<Limit, Integer> counts = new EnumMap<>(Limit.class);
    RATES.forEach((limit, option) -> value(option, config).ifPresent(r -> rates.put(limit, r)));
    COUNTS.forEach((limit, option) -> value(option, config).ifPresent(n -> counts.put(limit, n)));
    return new LimitSettings(rates, counts, EXEMPT.of(config));
  }

  private static <T> Optional<T> value(Option<Optional<T>> option, Config config) {
    boolean set = config.getOptionalValue(option.name(), String.class).isPresent();
    return Options.DEMO.of(config) && !set ? Optional.empty() : option.of(config);
  }
}
