package io.carillon.kit.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A reader of one event stream. Does not come back by itself: see {@link #lastId()}. */
public final class StreamClient implements AutoCloseable {
  private final Inbox<StreamEvent> inbox = new Inbox<>();
  private final AtomicInteger comments = new AtomicInteger();
  private final StreamParser parser = new StreamParser(this::add, c -> comments.incrementAndGet());
  private final HttpResponse<InputStream> response;
  private volatile String lastId = "";

  private StreamClient(HttpResponse<InputStream> response) {
    this.response = response;
    if (response.statusCode() == 200) {
      Thread.ofVirtual().start(this::read);
    }
  }

  /**
   * Opens a stream; returns when the head of the answer is there.
   *
   * @param path with its query
   * @param headers beside the token, for instance {@code Last-Event-ID}
   */
  public static StreamClient open(
      HttpClient http, URI server, String token, String path, Map<String, String> headers) {
    return open(http, HttpRequest.newBuilder(server.resolve(path)), token, headers);
  }

  /** Opens a stream of the rooms that a body names. */
  public static StreamClient post(
      HttpClient http, URI server, String token, String body, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve("/api/streams"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return open(http, request, token, headers);
  }

  private static StreamClient open(
      HttpClient http, HttpRequest.Builder request, String token, Map<String, String> headers) {
    request.timeout(SocketClient.PATIENCE).header("Accept", "text/event-stream");
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    headers.forEach(request::setHeader);
    try {
      return new StreamClient(
          http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Opens a stream without more headers. */
  public static StreamClient open(HttpClient http, URI server, String token, String path) {
    return open(http, server, token, path, Map.of());
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        parser.line(line);
      }
      inbox.end("the stream ended");
    } catch (IOException | AssertionError e) {
      inbox.end(e.toString());
    }
  }

  private void add(StreamEvent event) {
    WireSchema.checkStreamEvent(event);
    lastId = event.id();
    inbox.add(event);
  }

  /** The status of the answer; other than 200 there are no events. */
  public int status() {
    return response.statusCode();
  }

  /** A header of the answer, empty if absent. */
  public String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** The body, of an answer other than 200. */
  public String body() {
    try (InputStream in = response.body()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The next event of this name; those before it are passed over. */
  public StreamEvent next(String name) {
    return take(e -> e.name().equals(name));
  }

  /** The next event that fits; those before it are passed over. */
  public StreamEvent take(Predicate<? super StreamEvent> wanted) {
    return inbox.take(wanted, SocketClient.PATIENCE);
  }

  /** The same with another patience. */
  public StreamEvent take(Predicate<? super StreamEvent> wanted, Duration patience) {
    return inbox.take(wanted, patience);
  }

  /** All events so far, in order. */
  public List<StreamEvent> events() {
    return inbox.all();
  }

  /** How many comments came. */
  public int comments() {
    return comments.get();
  }

  /** What to send as {@code Last-Event-ID} to go on. */
  public String lastId() {
    return lastId;
  }

  /** The last time to wait that the server told, in milliseconds, or -1. */
  public long retry() {
    return parser.retry();
  }

  /** Waits until the server ends the stream. */
  public void awaitEnd(Duration patience) {
    inbox.awaitEnd(patience);
  }

  @Override
  public void close() {
    try {
      response.body().close();
    } catch (IOException alreadyGone) {
      inbox.end(alreadyGone.toString());
    }
  }
}
