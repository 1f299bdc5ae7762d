package io.carillon.kit.client;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A client of {@code carillon.v1}. Answers the server's pings by itself. One thread may send at a
 * time; anyone may wait.
 */
public final class SocketClient implements AutoCloseable {
  /** How long a wait lasts when nothing else is said. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Inbox<JsonObject> inbox = new Inbox<>();
  private final AtomicInteger refs = new AtomicInteger();
  private final AtomicInteger messages = new AtomicInteger();
  private volatile int closeCode;
  private final WebSocket socket;
  private volatile boolean answersPings = true;

  private SocketClient(HttpClient http, URI server, Map<String, String> headers) {
    WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(PATIENCE);
    headers.forEach(
        (name, value) -> {
          if (name.equals("Sec-WebSocket-Protocol")) {
            builder.subprotocols(value);
          } else {
            builder.header(name, value);
          }
        });
    String base = server.toString().replaceFirst("^http", "ws").replaceFirst("/$", "");
    try {
      socket =
          builder
              .buildAsync(URI.create(base.contains("/ws") ? base : base + "/ws"), new In())
              .join();
    } catch (CompletionException e) {
      throw new ConnectFailed(e.getCause());
    }
  }

  /** The handshake failed. */
  public static final class ConnectFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConnectFailed(Throwable cause) {
      super(cause);
    }

    /** The HTTP status of the refusal, or 0. */
    public int status() {
      return getCause() instanceof java.net.http.WebSocketHandshakeException refused
          ? refused.getResponse().statusCode()
          : 0;
    }
  }

  /** Connects with a bearer token and the sub-protocol. */
  public static SocketClient connect(HttpClient http, URI server, String token) {
    return connect(
        http,
        server,
        Map.of("Authorization", "Bearer " + token, "Sec-WebSocket-Protocol", "carillon.v1"));
  }

  /**
   * Connects with these headers and nothing else.
   *
   * @param server where the server is; {@code /ws} is added if it is not there
   */
  public static SocketClient connect(HttpClient http, URI server, Map<String, String> headers) {
    return new SocketClient(http, server, headers);
  }

  /** From now on the server's pings stay without answer. */
  public SocketClient ignorePings() {
    answersPings = false;
    return this;
  }

  /** Sends a text message as it is. */
  public void send(String text) {
    socket.sendText(text, true).join();
  }

  /** Sends a binary message. */
  public void sendBinary(byte[] bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
  }

  /** Sends a ping of the WebSocket protocol itself. */
  public void sendPing() {
    socket.sendPing(ByteBuffer.allocate(4)).join();
  }

  /** Sends a command with these fields (written as the inside of a JSON object); gives its ref. */
  public int command(String type, String fields) {
    int ref = refs.incrementAndGet();
    String more = fields.isEmpty() ? "" : "," + fields;
    send("{\"type\":\"" + type + "\",\"ref\":" + ref + more + "}");
    return ref;
  }

  /** Sends a command and waits for its answer, be it {@code ok}, {@code pong} or {@code error}. */
  public JsonObject ask(String type, String fields) {
    return answer(command(type, fields));
  }

  /** Waits for the answer to a command; passes over nothing, for events may come before it. */
  public JsonObject answer(int ref) {
    return inbox.find(
        f -> f.containsKey("ref") && f.get("ref").toString().equals("" + ref), PATIENCE);
  }

  /** Sends a command and fails unless its answer is {@code ok}. */
  public JsonObject ok(String type, String fields) {
    JsonObject answer = ask(type, fields);
    if (!answer.getString("type").equals("ok")) {
      throw new AssertionError(type + " {" + fields + "}: " + answer);
    }
    return answer;
  }

  /** Joins a room; {@code more} further fields, each with a comma before it. */
  public JsonObject join(String room, String more) {
    return ok("join", "\"room\":\"" + room + '"' + more);
  }

  /** Publishes and waits for the answer. */
  public JsonObject publish(String room, String name, String data) {
    return ok("publish", "\"room\":\"" + room + "\",\"name\":\"" + name + "\",\"data\":" + data);
  }

  /** The next frame of this type; frames before it are passed over. */
  public JsonObject next(String type) {
    return take(f -> f.getString("type").equals(type));
  }

  /** The next frame that fits; frames before it are passed over. */
  public JsonObject take(Predicate<? super JsonObject> wanted) {
    return inbox.take(wanted, PATIENCE);
  }

  /** The same with another patience. */
  public JsonObject take(Predicate<? super JsonObject> wanted, Duration patience) {
    return inbox.take(wanted, patience);
  }

  /** All frames so far, in order. */
  public List<JsonObject> frames() {
    return inbox.all();
  }

  /** How many messages carried them. */
  public int messages() {
    return messages.get();
  }

  /** Waits until the server has closed; gives the close code, 1006 if the link was cut. */
  public int awaitClose(Duration patience) {
    inbox.awaitEnd(patience);
    return closeCode;
  }

  /** Cuts the link. */
  public void abort() {
    socket.abort();
  }

  @Override
  public void close() {
    if (!socket.isOutputClosed()) {
      var unused = socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
    }
    socket.abort();
  }

  private final class In implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      CompletionStage<?> written = CompletableFuture.completedStage(null);
      if (last) {
        String message = text.toString();
        text.setLength(0);
        written = message(from, message);
      }
      from.request(1);
      return written;
    }

    private CompletionStage<?> message(WebSocket from, String message) {
      messages.incrementAndGet();
      try {
        WireSchema.checkServerMessage(message);
      } catch (AssertionError wrong) {
        inbox.end(wrong.getMessage());
      }
      JsonValue value = Texts.value(message);
      List<? extends JsonValue> frames =
          value.getValueType() == JsonValue.ValueType.ARRAY ? value.asJsonArray() : List.of(value);
      CompletionStage<?> written = CompletableFuture.completedStage(null);
      for (JsonValue frame : frames) {
        JsonObject object = frame.asJsonObject();
        if (object.getString("type").equals("ping") && answersPings) {
          written = from.sendText("{\"type\":\"pong\"}", true);
        }
        inbox.add(object);
      }
      return written;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closeCode = code;
      inbox.end("closed with " + code + ' ' + reason);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closeCode = 1006;
      inbox.end("broken: " + error);
    }
  }
}
