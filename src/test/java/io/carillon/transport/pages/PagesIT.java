package io.carillon.transport.pages;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the WAR as browsers ask for them, first and again, over HTTP/1.1 and HTTP/2. */
final class PagesIT {
  private static final String SCRIPT = "/carillon.js";

  /** Long before and long after every build. */
  private static final String[] DATES = {
    "Mon, 01 Jan 2001 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
  };

  private final Cluster cluster = Cluster.shared();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void close() {
    client.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/chat/", "/page/style.css", SCRIPT, "/asyncapi.yaml"})
  void everyFileHasATagOfItsBytesTheSameOnEveryInstance(String path) throws Exception {
    for (var server : cluster.servers()) {
      HttpResponse<byte[]> answer = send(request(server.uri(path)));
      assertEquals(200, answer.statusCode());
      assertEquals(tag(answer.body()), header(answer, "ETag"));
      assertEquals("no-cache", header(answer, "Cache-Control"));
      assertEquals("", header(answer, "Last-Modified"));
      assertEquals(answer.body().length, Integer.parseInt(header(answer, "Content-Length")));
    }
  }

  @Test
  void whatTheBrowserHasIsNotSentAgain() throws Exception {
    URI script = cluster.server(0).uri(SCRIPT);
    String tag = header(send(request(script)), "ETag");
    for (String has : new String[] {tag, "W/" + tag, "\"older\", " + tag}) {
      HttpResponse<byte[]> answer = send(request(script).header("If-None-Match", has));
      assertEquals(304, answer.statusCode(), has);
      assertEquals(0, answer.body().length);
      assertEquals(tag, header(answer, "ETag"));
      assertEquals("no-cache", header(answer, "Cache-Control"));
    }
  }

  /** What a browser kept of another build: its tag, its date, or, of a server before tags, both. */
  @Test
  void whatItHasOfAnotherBuildIsReplacedWhateverTheDatesSay() throws Exception {
    URI script = cluster.server(0).uri(SCRIPT);
    byte[] now = send(request(script)).body();
    HttpResponse<byte[]> answer = send(request(script).header("If-None-Match", "\"older\""));
    assertEquals(200, answer.statusCode());
    assertArrayEquals(now, answer.body());
    for (String date : DATES) {
      answer = send(request(script).header("If-Modified-Since", date));
      assertEquals(200, answer.statusCode(), date);
      assertArrayEquals(now, answer.body());
      answer =
          send(
              request(script)
                  .header("If-Modified-Since", date)
                  .header("If-None-Match", "\"older\""));
      assertEquals(200, answer.statusCode(), date);
    }
    // Half of an older build and half of this one would be neither.
    answer = send(request(script).header("Range", "bytes=10-").header("If-Range", DATES[1]));
    assertEquals(200, answer.statusCode());
    assertArrayEquals(now, answer.body());
  }

  @Test
  void headSaysTheSameWithoutTheBody() throws Exception {
    URI script = cluster.server(0).uri(SCRIPT);
    HttpResponse<byte[]> full = send(request(script));
    HttpResponse<byte[]> head =
        send(request(script).method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertEquals(200, head.statusCode());
    assertEquals(0, head.body().length);
    for (String name : new String[] {"ETag", "Content-Type", "Content-Length", "Cache-Control"}) {
      assertEquals(header(full, name), header(head, name), name);
    }
  }

  @Test
  void typesAreThoseThatBrowsersWant() throws Exception {
    assertEquals("text/html;charset=UTF-8", type("/chat/"));
    assertEquals("text/css;charset=UTF-8", type("/page/style.css"));
    assertEquals("text/javascript;charset=UTF-8", type(SCRIPT));
    assertEquals("image/svg+xml", type("/favicon.svg"));
  }

  @Test
  void aFolderWithoutItsSlashIsSentToIt() throws Exception {
    HttpResponse<byte[]> answer = send(request(cluster.server(0).uri("/chat?as=ann")));
    assertEquals(302, answer.statusCode());
    assertEquals(
        cluster.server(0).uri("/chat/?as=ann"), answer.uri().resolve(header(answer, "Location")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/missing.js", "/page", "/page/", "/web.xml"})
  void whatIsNotThereIsSaidInOurWords(String path) throws Exception {
    HttpResponse<byte[]> answer = send(request(cluster.server(0).uri(path)));
    assertEquals(404, answer.statusCode());
    assertEquals("application/problem+json", header(answer, "Content-Type"));
    assertEquals("no-store", header(answer, "Cache-Control"));
    assertTrue(text(answer).contains("\"code\":\"not_found\""), text(answer));
  }

  /** Who asks for pages gets one; its links lead to the root from any depth. */
  @ParameterizedTest
  @CsvSource({"/missing, ./", "/page/, ../", "/a/b/c.html, ../../"})
  void whoFollowsALinkToNothingGetsAPage(String path, String root) throws Exception {
    HttpRequest.Builder asked =
        request(cluster.server(0).uri(path)).header("Accept", "text/html,*/*;q=0.8");
    HttpResponse<byte[]> answer = send(asked);
    assertEquals(404, answer.statusCode());
    assertEquals("text/html;charset=UTF-8", header(answer, "Content-Type"));
    assertEquals("no-store", header(answer, "Cache-Control"));
    assertTrue(
        text(answer).contains("<a href=\"" + root + "\">To the first page</a>"), text(answer));
  }

  @Test
  void textsAreSentPackedToWhoTakesThat() throws Exception {
    URI script = cluster.server(0).uri(SCRIPT);
    HttpResponse<byte[]> plain = send(request(script).header("Accept-Encoding", "gzip;q=0, br"));
    assertEquals("", header(plain, "Content-Encoding"));
    assertEquals("Accept-Encoding", header(plain, "Vary"));
    HttpResponse<byte[]> packed = send(request(script).header("Accept-Encoding", "br, GZIP;q=0.5"));
    assertEquals("gzip", header(packed, "Content-Encoding"));
    assertEquals("W/" + header(plain, "ETag"), header(packed, "ETag"));
    assertTrue(packed.body().length < plain.body().length / 2, () -> "" + packed.body().length);
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
      assertArrayEquals(plain.body(), in.readAllBytes());
    }
    assertEquals("", header(send(gzip("/favicon.svg")), "Content-Encoding"));
  }

  private HttpRequest.Builder gzip(String path) {
    return request(cluster.server(0).uri(path)).header("Accept-Encoding", "gzip");
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  /** The container refuses these itself. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/WEB-INF/web.xml",
        "/META-INF/MANIFEST.MF",
        "/page/..;/WEB-INF/web.xml",
        "/page/%2e%2e/WEB-INF/web.xml",
        "/web-inf/web.xml"
      })
  void whatIsTheServersOwnIsNotThere(String path) throws Exception {
    HttpResponse<byte[]> answer = send(request(cluster.server(0).uri(path)));
    assertTrue(answer.statusCode() == 404 || answer.statusCode() == 400, answer::toString);
    assertFalse(new String(answer.body(), StandardCharsets.UTF_8).contains("<web-app"));
  }

  @Test
  void otherMethodsAreRefused() throws Exception {
    HttpResponse<byte[]> answer =
        send(request(cluster.server(0).uri("/")).POST(HttpRequest.BodyPublishers.ofString("x")));
    assertEquals(405, answer.statusCode());
    assertEquals("GET, HEAD", header(answer, "Allow"));
  }

  private String type(String path) throws IOException, InterruptedException {
    return header(send(request(cluster.server(0).uri(path))), "Content-Type");
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static HttpRequest.Builder request(URI uri) {
    return HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static String tag(byte[] bytes) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
    return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(hash) + '"';
  }
}
