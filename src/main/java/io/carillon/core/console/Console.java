package io.carillon.core.console;

import io.carillon.core.ErrorCode;
import io.carillon.core.cluster.ClusterAnswer;
import io.carillon.core.cluster.InstanceCalls;
import io.carillon.core.connection.Connection;
import io.carillon.core.connection.Connections;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.room.RoomReading;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
  private static final int DEPTH = 8;
  private static final int MOST = 10_000;

  private static final Comparator<JsonFields> BEHIND_FIRST =
      Comparator.comparingLong((JsonFields row) -> -row.integer("behind", 0))
          .thenComparingLong(row -> -row.integer("waiting", 0))
          .thenComparing(row -> row.requiredString("user"))
          .thenComparing(row -> row.requiredString("since"));
  private static final Comparator<JsonFields> LATEST_FIRST =
      Comparator.comparing((JsonFields row) -> row.requiredString("ended")).reversed();

  private final Connections connections;
  private final Function<Connection, List<RoomReading>> readings;
  private final InstanceCalls calls;
  private final String instance;
  private final Endings endings = new Endings();

  /**
   * Creates the views and answers the other instances' questions from now on.
   *
   * @param readings progress of a connection in its rooms
   * @param instance this instance's name
   * @param figures what this instance tells of itself, a JSON object; must be short
   * @param clock database time, as near as the instance knows it
   */
  public Console(
      Connections connections,
      Function<Connection, List<RoomReading>> readings,
      InstanceCalls calls,
      String instance,
      Supplier<String> figures,
      InstantSource clock) {
    this.connections = connections;
    this.readings = readings;
    this.calls = calls;
    this.instance = instance;
    connections.onEndBy(
        (connection, code) ->
            endings.add(new Endings.Ending(connection.state(), code, clock.instant())));
    calls.answer(CONNECTIONS, asked -> connectionsHere(ConnectionQuery.of(asked)));
    calls.answer(ENDED, this::endedHere);
    calls.answer(FIGURES, asked -> List.of(figures.get()));
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
    String question =
        new JsonWriter(new StringBuilder(64))
            .beginObject()
            .optional("user", user)
            .field("limit", limit)
            .endObject()
            .toString();
    return calls
        .ask(ENDED, question)
        .thenApply(answer -> merged(ENDED, answer, limit, LATEST_FIRST));
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
            .map(connection -> ConnectionRow.of(connection, readings))
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

  /** Puts the instances' rows together, in one order. */
  private static String merged(
      String list, ClusterAnswer answer, int limit, Comparator<JsonFields> order) {
    long count = 0;
    Map<JsonFields, String> rows = new LinkedHashMap<>();
    for (ClusterAnswer.Part part : answer.parts()) {
      long total = 0;
      for (String page : part.pages()) {
        JsonFields fields = JsonFields.parse(page, DEPTH, ErrorCode.BAD_DATA);
        total = fields.integer("count", 0);
        String all = fields.raw("rows");
        JsonText.elements(all == null ? "[]" : all, DEPTH, MOST, ErrorCode.BAD_DATA)
            .forEach(row -> rows.put(JsonFields.parse(row, DEPTH, ErrorCode.BAD_DATA), row));
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
