package io.carillon.core.console;

import io.carillon.core.cluster.ClusterAnswer;
import io.carillon.core.cluster.InstanceCalls;
import io.carillon.core.connection.Connections;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.limit.LimitHits;
import io.carillon.core.room.RoomActivity;
import io.carillon.core.room.RoomStatistics;
import io.carillon.core.room.UserActs;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What operators see of connections, on all instances. Results are JSON objects: {@code
 * {"count":1200,"silent":0,"connections":[…]}}, where {@code silent} is the number of instances
 * that did not answer within two seconds. Thread-safe; futures never fail.
 */
public final class Console {
  private static final String CONNECTIONS = "connections";
  private static final String ENDED = "ended";
  private static final String FIGURES = "figures";
  private static final String ALERTS = "alerts";
  private static final String ACTS = "acts";
  private static final String ROOMS = "rooms";
  private static final String LIMITS = "limits";
  private static final int MOST_ACTS = 200;
  private static final int MOST = 10_000;

  private static final Comparator<JsonFields> BEHIND_FIRST =
      Comparator.comparingLong((JsonFields row) -> -row.integer("behind", 0))
          .thenComparingLong(row -> -row.integer("waiting", 0))
          .thenComparing(row -> row.requiredString("user"))
          .thenComparing(row -> row.requiredString("since"));
  private static final Comparator<JsonFields> OLDEST_FIRST =
      Comparator.comparing((JsonFields row) -> instant(row, "since"))
          .thenComparing(row -> row.requiredString("code"))
          .thenComparing(row -> row.requiredString("instance"));

  private final Connections connections;
  private final RoomStatistics rooms;
  private final InstanceCalls calls;
  private final String instance;
  private final Alerts alerts;
  private final InstantSource clock;
  private final Endings endings = new Endings();
  private final LimitHits hits;

  /**
   * Creates the views and answers the other instances' questions from now on.
   *
   * @param rooms what the rooms here know of themselves
   * @param instance this instance's name
   * @param figures what this instance tells of itself, a JSON object; must be short
   * @param alerts those of this instance
   * @param clock database time, as near as the instance knows it
   * @param hits this instance's latest refusals by limits
   */
  public Console(
      Connections connections,
      RoomStatistics rooms,
      InstanceCalls calls,
      String instance,
      Supplier<String> figures,
      Alerts alerts,
      InstantSource clock,
      LimitHits hits) {
    this.hits = hits;
    this.connections = connections;
    this.rooms = rooms;
    this.calls = calls;
    this.instance = instance;
    this.alerts = alerts;
    this.clock = clock;
    connections.onEndBy(
        (connection, code) ->
            endings.add(new Endings.Ending(connection.state(), code, clock.instant())));
    calls.answer(CONNECTIONS, asked -> connectionsHere(ConnectionQuery.of(asked)));
    calls.answer(ENDED, this::endedHere);
    calls.answer(LIMITS, this::limitsHere);
    calls.answer(FIGURES, asked -> List.of(figures.get()));
    calls.answer(ALERTS, asked -> alertsHere());
    calls.answer(ACTS, asked -> actsHere(asked.requiredString("user")));
    calls.answer(ROOMS, this::roomsHere);
  }

  /** Open connections: those with most to catch up first, then those with most to write. */
  public CompletableFuture<String> connections(ConnectionQuery query) {
    return calls
        .ask(CONNECTIONS, query.json())
        .thenApply(answer -> merged(CONNECTIONS, answer, query.limit(), BEHIND_FIRST));
  }

  /**
   * Latest ends of connections, the last one first.
   *
   * @param user whose; null: anybody's
   */
  public CompletableFuture<String> ended(@Nullable String user, int limit) {
    return calls
        .ask(ENDED, question(user, limit))
        .thenApply(answer -> merged(ENDED, answer, limit, latestFirst("ended")));
  }

  /**
   * Latest refusals by limits, the last one first.
   *
   * @param user whose; null: anybody's
   */
  public CompletableFuture<String> limits(@Nullable String user, int limit) {
    return calls
        .ask(LIMITS, question(user, limit))
        .thenApply(answer -> merged(LIMITS, answer, limit, latestFirst("at")));
  }

  private static String question(@Nullable String user, int limit) {
    return new JsonWriter(new StringBuilder(64))
        .beginObject()
        .optional("user", user)
        .field("limit", limit)
        .endObject()
        .toString();
  }

  private static Comparator<JsonFields> latestFirst(String time) {
    return Comparator.comparing((JsonFields row) -> instant(row, time)).reversed();
  }

  /** Alerts that are on, the oldest first; {@code count} is their number. */
  public CompletableFuture<String> alerts() {
    return calls.ask(ALERTS, "{}").thenApply(answer -> merged(ALERTS, answer, MOST, OLDEST_FIRST));
  }

  /**
   * What a user does: connections that open and end, and from the first of these questions until
   * some seconds after the last also publishes, signals, joins and what was refused; the last first
   * and at most 200.
   */
  public CompletableFuture<String> acts(String user) {
    String question =
        new JsonWriter(new StringBuilder(64))
            .beginObject()
            .field("user", user)
            .endObject()
            .toString();
    return calls
        .ask(ACTS, question)
        .thenApply(answer -> merged(ACTS, answer, MOST_ACTS, latestFirst("at")));
  }

  /**
   * Rooms that are read or have had events in the last minute, the busiest first.
   *
   * @param prefix what their names begin with
   */
  public CompletableFuture<String> rooms(String prefix, int limit) {
    String question =
        new JsonWriter(new StringBuilder(64))
            .beginObject()
            .field("prefix", prefix)
            .field("limit", limit)
            .endObject()
            .toString();
    return calls.ask(ROOMS, question).thenApply(answer -> RoomRow.merged(answer, limit));
  }

  /**
   * What each instance tells of itself.
   *
   * @return JSON objects by incarnation; instances that did not answer in time are missing
   */
  public CompletableFuture<Map<String, String>> figures() {
    return calls
        .ask(FIGURES, "{}")
        .thenApply(
            answer ->
                answer.parts().stream()
                    .collect(
                        Collectors.toMap(ClusterAnswer.Part::id, part -> part.pages().getFirst())));
  }

  private List<String> connectionsHere(ConnectionQuery query) {
    List<ConnectionRow> found =
        connections.all().stream()
            .filter(each -> query.user() == null || query.user().equals(each.identity().user()))
            .map(connection -> ConnectionRow.of(connection, rooms::readings))
            .filter(view -> view.matches(query))
            .sorted(ConnectionRow.ORDER)
            .toList();
    return Pager.pages(
        found.size(),
        found.subList(0, Math.min(found.size(), query.limit())),
        (out, view) -> view.write(out, instance, query.rooms()));
  }

  private List<String> endedHere(JsonFields asked) {
    int limit = Math.clamp(asked.integer("limit", Endings.KEPT), 1, Endings.KEPT);
    List<Endings.Ending> found = endings.of(asked.string("user"), limit);
    return Pager.pages(found.size(), found, (out, each) -> each.write(out, instance));
  }

  private List<String> alertsHere() {
    List<Alerts.Alert> on = alerts.on();
    return Pager.pages(
        on.size(),
        on,
        (out, each) ->
            out.beginObject()
                .field("code", each.code())
                .field("text", each.text())
                .field("since", each.since().toString())
                .field("instance", instance)
                .endObject());
  }

  private List<String> actsHere(String user) {
    UserActs acts = rooms.acts();
    Instant now = clock.instant();
    List<Endings.Ending> ended = endings.of(user, MOST_ACTS);
    Stream<ActRow> inRooms =
        acts.of(user).stream().map(act -> ActRow.of(act, now.minus(acts.since(act))));
    Stream<ActRow> open =
        connections.all().stream()
            .filter(each -> each.identity().user().equals(user))
            .map(each -> ActRow.opened(each.state()));
    Stream<ActRow> over =
        ended.stream().flatMap(each -> Stream.of(ActRow.closed(each), ActRow.opened(each.state())));
    List<ActRow> all =
        Stream.of(inRooms, open, over)
            .flatMap(each -> each)
            .sorted(ActRow.LATEST_FIRST)
            .limit(MOST_ACTS)
            .toList();
    return Pager.pages(all.size(), all, (out, each) -> each.write(out, instance));
  }

  private List<String> roomsHere(JsonFields asked) {
    int limit = Math.clamp(asked.integer("limit", 1), 1, ConnectionQuery.MOST);
    List<RoomActivity> found = rooms.activity(asked.requiredString("prefix"), clock.instant());
    return Pager.pages(
        found.size(), found.subList(0, Math.min(found.size(), limit)), RoomRow::write);
  }

  private List<String> limitsHere(JsonFields asked) {
    int limit = Math.clamp(asked.integer("limit", LimitHits.KEPT), 1, LimitHits.KEPT);
    List<LimitHits.Hit> found = hits.of(asked.string("user"), limit);
    return Pager.pages(
        found.size(),
        found,
        (out, hit) ->
            out.beginObject()
                .field("limit", hit.limit().word())
                .field("code", hit.limit().code().code())
                .field("user", hit.user())
                .field("address", hit.address())
                .field("count", hit.count())
                .field("since", hit.since().toString())
                .field("at", hit.at().toString())
                .field("instance", instance)
                .endObject());
  }

  private static Instant instant(JsonFields row, String field) {
    return Instant.parse(row.requiredString(field));
  }

  /** Puts the instances' rows together, in one order. */
  private static String merged(
      String list, ClusterAnswer answer, int limit, Comparator<JsonFields> order) {
    long count = 0;
    Map<JsonFields, String> rows = new LinkedHashMap<>();
    for (ClusterAnswer.Part part : answer.parts()) {
      long total = 0;
      for (String page : part.pages()) {
        JsonFields fields = Pager.parse(page);
        total = fields.integer("count", 0);
        Pager.rows(fields).forEach(row -> rows.put(Pager.parse(row), row));
      }
      count += total;
    }
    JsonWriter out = new JsonWriter(new StringBuilder(1024)).beginObject();
    out.field("count", count).field("silent", answer.silent()).name(list).beginArray();
    rows.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(order))
        .limit(limit)
        .forEach(row -> out.raw(row.getValue()));
    return out.endArray().endObject().toString();
  }
}
