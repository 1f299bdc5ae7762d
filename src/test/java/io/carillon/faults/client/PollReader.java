package io.carillon.faults.client;

import io.carillon.kit.client.Texts;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Reads by long polls. A session is a row of polls to one instance; some end by themselves. */
public final class PollReader extends Reader {
  private static final int WAIT = 5;
  private static final int POLLS = 40;

  private volatile Thread waiting;
  private String cursor;

  /** A reader of these rooms from their beginning. */
  public PollReader(RunContext context, String name, List<String> rooms, RandomGenerator random) {
    super(context, name, "poll", rooms, random);
    cursor = String.join(",", rooms.stream().map(room -> "0.0").toList());
  }

  @Override
  String session(URI server, Backoff backoff) throws InterruptedException {
    String query = rooms().stream().map(room -> "room=" + room).collect(Collectors.joining("&"));
    int polls = 1 + random().nextInt(POLLS);
    for (int i = 0; i < polls && !stopped(); i++) {
      HttpRequest request =
          HttpRequest.newBuilder(server.resolve("/api/events?" + query + "&after=" + cursor))
              .timeout(Duration.ofSeconds(WAIT + 10))
              .header("Authorization", "Bearer " + token())
              .header("Prefer", "wait=" + WAIT)
              .build();
      try {
        waiting = Thread.currentThread();
        HttpResponse<String> answer =
            ground().http().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
          return "status " + answer.statusCode() + ' ' + answer.body();
        }
        take(Texts.object(answer.body()), i == 0);
        backoff.reset();
      } catch (IOException e) {
        return "broken: " + e;
      } finally {
        waiting = null;
      }
    }
    return "moves on";
  }

  private void take(JsonObject page, boolean first) {
    JsonArray resyncs =
        page.containsKey("resync") ? page.getJsonArray("resync") : JsonValue.EMPTY_JSON_ARRAY;
    Set<String> lost = new HashSet<>();
    for (JsonValue value : resyncs) {
      lost.add(value.asJsonObject().getString("room"));
    }
    if (first) {
      for (String room : rooms()) {
        joined(room, position(room), position(room), "", !lost.contains(room));
      }
    }
    for (JsonValue event : page.getJsonArray("events")) {
      delivered(event.asJsonObject());
    }
    for (JsonValue value : resyncs) {
      resync(value.asJsonObject());
    }
    cursor = page.getString("cursor");
  }

  @Override
  public void cut() {
    Thread thread = waiting;
    if (stopped() && thread != null) {
      thread.interrupt();
    }
  }
}
