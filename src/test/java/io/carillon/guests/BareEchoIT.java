package io.carillon.guests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.fixtures.BareEcho;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A protocol that an application has brought as a bean, over Engine.IO. */
final class BareEchoIT {
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    http.close();
  }

  private String send(HttpRequest.Builder request, int status)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    assertEquals(status, answer.statusCode(), answer::body);
    return answer.body();
  }

  private HttpRequest.Builder session(String sid) {
    URI place = ExtendedCluster.shared().server(1).uri("/engine.io/?EIO=4&transport=polling" + sid);
    return HttpRequest.newBuilder(place);
  }

  private HttpRequest.Builder post(String sid, String body) {
    return session(sid).POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private String open() throws IOException, InterruptedException {
    String first = send(session(""), 200);
    assertTrue(first.startsWith("0{\"sid\":\""), first);
    return "&sid=" + first.substring(9, first.indexOf('"', 9));
  }

  @Test
  void whatIsSaidComesBack() throws Exception {
    String sid = open();
    String said = "4one\u001ebAQIDBA==\u001e4two";
    assertEquals("ok", send(post(sid, said), 200));
    assertEquals(said, send(session(sid), 200));
  }

  @Test
  void whoIsSilentIsForgottenWithinItsTime() throws Exception {
    String sid = open();
    assertEquals("2", send(session(sid), 200));
    send(post(sid, "3"), 200);
    assertEquals("2", send(session(sid), 200));
    Thread.sleep(BareEcho.PING_TIMEOUT.plusMillis(300).toMillis());
    String gone = "{\"code\":1,\"message\":\"Session ID unknown\"}";
    assertEquals(gone, send(session(sid), 400));
    assertEquals(gone, send(post(sid, "3"), 400));
  }

  @Test
  void theProductKnowsNothingOfIt() throws Exception {
    Path war = Path.of(System.getProperty("carillon.war", "target/carillon.war"));
    try (ZipFile product = new ZipFile(war.toFile())) {
      assertTrue(product.stream().noneMatch(file -> file.getName().contains("fixtures")));
    }
  }
}
