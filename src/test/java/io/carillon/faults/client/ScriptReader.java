package io.carillon.faults.client;

import io.carillon.kit.NodeProcess;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The product's own JavaScript client, in a process of its own, over one transport. Unlike the
 * other readers it is not judged by what it says of its connections but by what it hands to an
 * application: each room's events without a hole or a repeat, unless it has told of a resync.
 */
public final class ScriptReader implements AutoCloseable {
  private static final Path SCRIPT = Path.of("src/test/js/faults/reader.mjs");
  private static final Path CLIENT = Path.of("src/main/webapp/carillon.js");

  private final String transport;
  private final Process process;
  private final Map<String, Long> positions = new HashMap<>();
  private final Set<String> resynced = new HashSet<>();
  private final Set<String> joined = new HashSet<>();
  private final List<String> wrong = new ArrayList<>();
  private int events;

  private ScriptReader(String transport, Process process) {
    this.transport = transport;
    this.process = process;
  }

  /**
   * Starts one; it ends with {@link #close}.
   *
   * @param base where the instance is
   * @param transport {@code websocket}, {@code sse} or {@code poll}
   */
  public static ScriptReader start(
      RunContext context, java.net.URI base, String transport, List<String> rooms)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.add(SCRIPT.toAbsolutePath().toString());
    arguments.add(CLIENT.toAbsolutePath().toString());
    arguments.add(base.toString());
    arguments.add(context.token("script-" + transport));
    arguments.add(transport);
    arguments.addAll(rooms);
    Process process = NodeProcess.start(Path.of("."), arguments.toArray(String[]::new));
    ScriptReader reader = new ScriptReader(transport, process);
    Thread.ofVirtual().start(reader::listen);
    return reader;
  }

  private void listen() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(Json.createReader(new StringReader(line)).readObject());
      }
    } catch (IOException ended) {
      // Closed: what it had to say was said.
    }
  }

  private synchronized void take(JsonObject line) {
    if (line.containsKey("seq")) {
      event(line.getString("room"), line.getJsonNumber("seq").longValueExact());
    } else if (line.containsKey("resync")) {
      resynced.add(line.getString("resync"));
    } else if (line.containsKey("joined")) {
      joined.add(line.getString("joined"));
      positions.putIfAbsent(line.getString("joined"), line.getJsonNumber("at").longValueExact());
    } else if (line.containsKey("refused")) {
      wrong.add(this + " was refused: " + line);
    }
    notifyAll();
  }

  private void event(String room, long seq) {
    events++;
    Long last = positions.put(room, seq);
    if (!resynced.remove(room) && last != null && seq != last + 1) {
      wrong.add("%s of %s got %d after %d".formatted(this, room, seq, last));
    }
  }

  /** Waits until all rooms are joined; what has not come then is a failure. */
  public synchronized void awaitJoined(int rooms) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (joined.size() < rooms && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.timedWait(this, 200);
    }
    if (joined.size() < rooms) {
      wrong.add(this + " has joined only " + joined);
    }
  }

  /** Waits until it has come to these positions; what has not come then is a failure. */
  public synchronized void awaitPositions(Map<String, Long> heads) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!behind(heads).isEmpty() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.timedWait(this, 200);
    }
    wrong.addAll(behind(heads));
  }

  private List<String> behind(Map<String, Long> heads) {
    List<String> behind = new ArrayList<>();
    heads.forEach(
        (room, head) -> {
          long at = positions.getOrDefault(room, 0L);
          if (at < head) {
            behind.add("%s of %s is at %d, the log at %d".formatted(this, room, at, head));
          }
        });
    return behind;
  }

  /** What was wrong so far. */
  public synchronized List<String> wrong() {
    return List.copyOf(wrong);
  }

  /** How many events it was handed. */
  public synchronized int events() {
    return events;
  }

  @Override
  public String toString() {
    return "carillon.js over " + transport;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
