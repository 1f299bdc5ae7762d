package io.carillon.faults.client;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A WebSocket of {@code carillon.v1} for one thread: frames are taken one after another, pings are
 * answered, and 40 s of silence count as broken, since the server pings every 20 s.
 */
final class Socket implements AutoCloseable {
  private static final long SILENCE = 40;
  private static final JsonObject END = JsonValue.EMPTY_JSON_OBJECT;

  private final BlockingQueue<JsonObject> frames = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private volatile String over = "";

  Socket(RunContext context, URI server, String user) throws InterruptedException {
    URI address = URI.create("ws" + server.resolve("/ws").toString().substring("http".length()));
    try {
      socket =
          context
              .http()
              .newWebSocketBuilder()
              .connectTimeout(Duration.ofSeconds(10))
              .subprotocols("carillon.v1")
              .header("Authorization", "Bearer " + context.token(user))
              .buildAsync(address, new In())
              .get(15, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new Reader.Broken("no socket: " + e);
    }
  }

  /** Sends one message. */
  void send(String text) throws InterruptedException {
    try {
      socket.sendText(text, true).get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new Reader.Broken("not sent: " + e);
    }
  }

  /** The next frame other than a ping. */
  JsonObject next() throws InterruptedException {
    return next(TimeUnit.SECONDS.toMillis(SILENCE));
  }

  /** The next frame other than a ping; broken if none comes in so many milliseconds. */
  JsonObject next(long milliseconds) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
    while (true) {
      JsonObject frame = frames.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (frame == null) {
        throw new Reader.Broken("silent");
      }
      if (frame.equals(END)) {
        throw new Reader.Broken(over);
      }
      if (!frame.getString("type").equals("ping")) {
        return frame;
      }
      send("{\"type\":\"pong\"}");
      deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
    }
  }

  /** Cuts the link without a word. */
  void abort() {
    socket.abort();
    end("aborted");
  }

  @Override
  public void close() {
    if (!socket.isOutputClosed()) {
      var unused =
          socket
              .sendClose(WebSocket.NORMAL_CLOSURE, "")
              .orTimeout(1, TimeUnit.SECONDS)
              .whenComplete((done, failed) -> socket.abort());
    }
  }

  private void end(String why) {
    if (over.isEmpty()) {
      over = why;
    }
    frames.add(END);
  }

  private final class In implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        try (JsonReader reader = Json.createReader(new StringReader(text.toString()))) {
          JsonValue value = reader.readValue();
          List<? extends JsonValue> all =
              value.getValueType() == JsonValue.ValueType.ARRAY
                  ? value.asJsonArray()
                  : List.of(value);
          all.forEach(frame -> frames.add(frame.asJsonObject()));
        }
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      end("closed " + code + ' ' + reason);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      end("broken: " + error);
    }
  }
}
