package io.carillon.kit.client;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Plain calls of the HTTP API with one token. */
public final class Calls {
  private final HttpClient http;
  private final URI server;
  private final String token;

  /**
   * Calls this server.
   *
   * @param token the bearer token; empty: none is sent
   */
  public Calls(HttpClient http, URI server, String token) {
    this.http = http;
    this.server = server;
    this.token = token;
  }

  /** Gets a token of the demo mode, with every right but admin. */
  public static String demoToken(HttpClient http, URI server, String user) {
    return token(http, server, "{\"user\":\"" + user + "\"}");
  }

  /** Calls this server as an operator of the demo mode, who has every right. */
  public static Calls operator(HttpClient http, URI server) {
    String token = token(http, server, "{\"user\":\"operator\",\"admin\":true}");
    return new Calls(http, server, token);
  }

  private static String token(HttpClient http, URI server, String asked) {
    HttpResponse<String> answer =
        new Calls(http, server, "").send("POST", "/api/demo/token", asked);
    return Texts.object(answer.body()).getString("token");
  }

  /** The address that is called. */
  public URI server() {
    return server;
  }

  /** The token that is sent. */
  public String token() {
    return token;
  }

  /**
   * Calls; an empty body sends none.
   *
   * @param headers names and values in turn
   */
  public HttpResponse<String> send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(Duration.ofSeconds(60))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.setHeader("Authorization", "Bearer " + token);
    }
    if (!body.isEmpty()) {
      request.setHeader("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(method + ' ' + path + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Publishes; fails unless it was taken. */
  public JsonObject publish(String room, String name, String data) {
    HttpResponse<String> answer =
        send(
            "POST",
            "/api/rooms/" + room + "/events",
            "{\"name\":\"" + name + "\",\"data\":" + data + "}");
    if (answer.statusCode() != 201) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    return Texts.object(answer.body());
  }

  /** A page of history or the answer of a poll; fails unless it is one. */
  public JsonObject page(String path, String... headers) {
    HttpResponse<String> answer = send("GET", path, "", headers);
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.statusCode() + " " + answer.body());
    }
    WireSchema.checkPage(answer.body());
    return Texts.object(answer.body());
  }

  /** A long poll of one room. */
  public JsonObject poll(String room, String after, int seconds) {
    return page("/api/rooms/" + room + "/events?after=" + after, "Prefer", "wait=" + seconds);
  }
}
