package io.carillon.transport.duplex;

import io.carillon.contract.Wire;
import io.carillon.protocol.Message;
import io.carillon.transport.poll.SeparatedPacking;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client's end of a link over GET and POST. */
final class HttpPollWire extends Wire {
  private final SeparatedPacking packing = new SeparatedPacking();
  private final HttpClient http;
  private final URI address;
  private final String authorization;
  private volatile boolean gone;

  private HttpPollWire(HttpClient http, URI address, String authorization) {
    this.http = http;
    this.address = address;
    this.authorization = authorization;
  }

  /** Opens it; null: 401. */
  static @Nullable HttpPollWire open(HttpClient http, URI address, @Nullable String token) {
    String authorization = token == null ? "" : "Bearer " + token;
    HttpPollWire first = new HttpPollWire(http, address, authorization);
    HttpResponse<String> opened = first.call("POST", BodyPublishers.noBody());
    if (opened.statusCode() == 401) {
      return null;
    }
    if (opened.statusCode() != 201) {
      throw new AssertionError(opened.statusCode() + " " + opened.body());
    }
    URI mine = URI.create(address + "?sid=" + opened.body());
    HttpPollWire wire = new HttpPollWire(http, mine, authorization);
    Thread.ofVirtual().start(wire::poll);
    return wire;
  }

  private void poll() {
    while (!gone) {
      HttpResponse<String> answer = call("GET", BodyPublishers.noBody());
      String body = answer.body();
      if (answer.statusCode() != 200) {
        ended(1006, answer.statusCode() + " " + body);
        return;
      }
      if (body.startsWith("x")) {
        int space = body.indexOf(' ');
        ended(Integer.parseInt(body.substring(1, space)), body.substring(space + 1));
        return;
      }
      packing.unpack(body.getBytes(StandardCharsets.UTF_8)).forEach(this::heard);
    }
  }

  @Override
  public void send(Message message) {
    var unused = call("POST", BodyPublishers.ofByteArray(packing.pack(List.of(message))));
  }

  @Override
  public void close() {
    gone = true;
    var unused = call("DELETE", BodyPublishers.noBody());
  }

  private HttpResponse<String> call(String method, BodyPublisher body) {
    HttpRequest.Builder request = HttpRequest.newBuilder(address).method(method, body);
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
