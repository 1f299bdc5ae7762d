package io.carillon.faults.client;

import io.carillon.kit.client.StreamEvent;
import io.carillon.kit.client.StreamParser;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Reads over an event stream, as a browser's EventSource does. */
public final class StreamReader extends Reader {
  private static final Duration SILENCE = Duration.ofSeconds(35);

  private volatile InputStream open;
  private volatile long lastLine;
  private String lastId;
  private boolean told;

  /** A reader of these rooms from their beginning. */
  public StreamReader(RunContext context, String name, List<String> rooms, RandomGenerator random) {
    super(context, name, "sse", rooms, random);
    lastId = String.join(",", rooms.stream().map(room -> "0.0").toList());
  }

  @Override
  String session(URI server, Backoff backoff) throws InterruptedException {
    String query = rooms().stream().map(room -> "room=" + room).collect(Collectors.joining("&"));
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/api/events?" + query))
            .timeout(Duration.ofSeconds(15))
            .header("Accept", "text/event-stream")
            .header("Authorization", "Bearer " + token())
            .header("Last-Event-ID", lastId)
            .build();
    told = false;
    try {
      HttpResponse<InputStream> answer =
          ground().http().send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
        open = answer.body();
        lastLine = System.nanoTime();
        if (answer.statusCode() != 200) {
          return "status " + answer.statusCode();
        }
        Thread.ofVirtual().start(() -> watch(answer.body()));
        StreamParser parser = new StreamParser(event -> take(event, backoff), comment -> {});
        for (String line = lines.readLine(); line != null && !stopped(); line = lines.readLine()) {
          lastLine = System.nanoTime();
          parser.line(line);
        }
        return told ? "goodbye" : "ended";
      } finally {
        open = null;
      }
    } catch (IOException e) {
      return "broken: " + e;
    }
  }

  /** A comment comes every 15 s; a stream without any for long is dead. */
  private void watch(InputStream body) {
    try {
      while (body.equals(open)) {
        TimeUnit.SECONDS.sleep(2);
        if (body.equals(open) && System.nanoTime() - lastLine > SILENCE.toNanos()) {
          cut();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(StreamEvent event, Backoff backoff) {
    JsonObject data = event.json();
    switch (event.name()) {
      case "carillon:joined" -> {
        JsonObject rooms = data.getJsonObject("rooms");
        for (String room : rooms()) {
          JsonObject at = rooms.getJsonObject(room);
          joined(
              room,
              position(room),
              at.getString("cursor"),
              at.getString("head"),
              at.getBoolean("recovered"));
        }
        backoff.reset();
      }
      case "carillon:resync" -> resync(data);
      case "carillon:goodbye" -> told = true;
      default -> {
        if (!event.name().startsWith("carillon:")) {
          delivered(data);
        }
      }
    }
    lastId = event.id().isEmpty() ? lastId : event.id();
  }

  @Override
  public void cut() {
    InputStream body = open;
    if (body != null) {
      try {
        body.close();
      } catch (IOException alreadyGone) {
        // That is what was wanted.
      }
    }
  }
}
