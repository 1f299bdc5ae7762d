package io.carillon.transport.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.carillon.kit.Cluster;
import io.carillon.kit.LibertyServer;
import io.carillon.kit.client.Calls;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every kind of answer ends over HTTP/2, over TLS as browsers speak it and over an upgrade in clear
 * text. The container does not do that by itself, so each kind is asked for.
 */
final class Http2IT {
  private static final int LIMIT_S = 20;

  private final LibertyServer server = Cluster.shared().server(0);

  private record Call(String method, String path, int status, List<String> headers) {
    Call(String method, String path, int status, String... headers) {
      this(method, path, status, List.of(headers));
    }

    String name() {
      return method + ' ' + path + ' ' + status;
    }
  }

  @TestFactory
  Stream<DynamicTest> overTls() {
    URI origin = URI.create("https://127.0.0.1:" + server.httpsPort());
    return Stream.concat(pages(), calls()).map(call -> ends(origin, call));
  }

  /** Calls of the API do not change over; the container refuses the upgrade. */
  @TestFactory
  Stream<DynamicTest> overAnUpgrade() {
    return pages().map(call -> ends(server.uri("/"), call));
  }

  private Stream<Call> pages() {
    String tag;
    try (HttpClient plain = HttpClient.newHttpClient()) {
      tag =
          new Calls(plain, server.uri("/"), "")
              .send("GET", "/carillon.js", "")
              .headers()
              .firstValue("ETag")
              .orElseThrow();
    }
    return Stream.of(
        new Call("GET", "/carillon.js", 200),
        new Call("GET", "/carillon.js", 200, "If-None-Match", "\"other\""),
        new Call("GET", "/carillon.js", 304, "If-None-Match", tag),
        new Call("HEAD", "/carillon.js", 200),
        new Call("HEAD", "/carillon.js", 304, "If-None-Match", tag),
        new Call("GET", "/", 200),
        new Call("GET", "/chat/", 200),
        new Call("GET", "/chat", 302),
        new Call("GET", "/missing", 404),
        new Call("HEAD", "/missing", 404),
        new Call("GET", "/missing", 404, "Accept", "text/html"),
        new Call("HEAD", "/missing", 404, "Accept", "text/html"),
        new Call("POST", "/", 405));
  }

  private Stream<Call> calls() {
    String token;
    try (HttpClient plain = HttpClient.newHttpClient()) {
      token = Calls.demoToken(plain, server.uri("/"), "ann");
    }
    String bearer = "Bearer " + token;
    String cookie = "carillon_token=" + token;
    String own = "https://127.0.0.1:" + server.httpsPort();
    return Stream.of(
        new Call("GET", "/api/rooms/demo:h2/events", 401),
        new Call("GET", "/api/rooms/demo:h2/events", 200, "Authorization", bearer),
        new Call("PUT", "/api/rooms/demo:h2/members/me", 204, "Authorization", bearer),
        new Call("DELETE", "/api/rooms/demo:h2/members/me", 204, "Authorization", bearer),
        // The container has no Host header here, and still a page's own origin is known.
        new Call("PUT", "/api/rooms/demo:h2/members/me", 204, "Cookie", cookie, "Origin", own),
        new Call("GET", "/api/rooms/demo:h2", 200, "Cookie", cookie, "Origin", own),
        new Call(
            "PUT", "/api/rooms/demo:h2/members/me", 403, "Cookie", cookie, "Origin", own + "0"),
        new Call(
            "DELETE",
            "/api/rooms/demo:h2/members/me",
            403,
            "Cookie",
            cookie,
            "Origin",
            "https://evil.example"));
  }

  private static DynamicTest ends(URI origin, Call call) {
    return DynamicTest.dynamicTest(call.name(), () -> answered(origin, call));
  }

  /**
   * By a client and so over a connection each: one that never ends must not hold up another. The
   * limit is for all of the answer; that of a request is for its head alone.
   */
  private static void answered(URI origin, Call call) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(origin.resolve(call.path()))
            .method(call.method(), HttpRequest.BodyPublishers.noBody());
    if (!call.headers().isEmpty()) {
      request.headers(call.headers().toArray(String[]::new));
    }
    HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).sslContext(trusting()).build();
    try {
      HttpResponse<byte[]> answer =
          client
              .sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
              .get(LIMIT_S, TimeUnit.SECONDS);
      assertEquals(call.status(), answer.statusCode());
      assertEquals(HttpClient.Version.HTTP_2, answer.version());
    } finally {
      client.shutdownNow();
    }
  }

  /** Trusts anybody: the server's certificate is its own. */
  private static SSLContext trusting() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
    return context;
  }

  private static final class Trusting extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
