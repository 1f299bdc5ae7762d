package io.carillon.faults.fault;

import io.carillon.kit.client.Calls;
import io.carillon.kit.client.SocketClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** F24: payloads that make codecs throw are refused, or close their own connection only. */
public final class HostilePayloads implements Fault {
  @Override
  public String id() {
    return "F24";
  }

  @Override
  public String what() {
    return "payloads that make a codec throw";
  }

  @Override
  public void run(Scene scene, Duration length) throws Exception {
    var ground = scene.ground();
    var server = ground.addresses().getFirst();
    String token = ground.token("f24");
    String room = scene.rooms().getFirst() + ":hostile";
    long end = System.nanoTime() + length.toNanos();
    scene.on(this, room);
    int sent = 0;
    while (System.nanoTime() < end) {
      for (String body : bodies()) {
        HttpResponse<String> answer =
            ground
                .http()
                .send(
                    HttpRequest.newBuilder(server.resolve("/api/rooms/" + room + "/events"))
                        .timeout(Duration.ofSeconds(15))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(
                            HttpRequest.BodyPublishers.ofByteArray(
                                body.getBytes(StandardCharsets.ISO_8859_1)))
                        .build(),
                    HttpResponse.BodyHandlers.ofString());
        sent++;
        if (answer.statusCode() >= 500 || answer.body().contains("Exception")) {
          scene.fail(answer.statusCode() + " for " + shorten(body) + ": " + answer.body());
        }
        if (!body.equals("[]")) {
          // An empty array of frames asks for nothing, so nothing answers it.
          bySocket(scene, token, room, body);
        }
      }
      scene.pause(200, 400);
    }
    scene.off(this, room);
    var page = new Calls(ground.http(), server, token).page("/api/rooms/" + room + "/events");
    scene.note("hostile bodies", "sent " + sent, "taken " + page.getJsonArray("events").size());
  }

  private static void bySocket(Scene scene, String token, String room, String body) {
    var ground = scene.ground();
    try (SocketClient socket =
        SocketClient.connect(ground.http(), ground.addresses().getLast(), token)) {
      socket.send(
          body.startsWith("{")
              ? "{\"type\":\"publish\",\"ref\":1,\"room\":\"" + room + "\"," + body.substring(1)
              : body);
      socket.take(
          frame -> frame.containsKey("ref") || "error".equals(frame.getString("type")),
          Duration.ofSeconds(10));
    } catch (AssertionError closed) {
      scene.note("closed by the server", shorten(body), shorten(closed.getMessage()));
    }
  }

  private static List<String> bodies() {
    List<String> bodies = new ArrayList<>();
    for (String data :
        List.of(
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\u0000\"",
            "1e999999999",
            "-0",
            "123456789012345678901234567890123456789012345678901234567890",
            "\"\u00ff\u00fe\"",
            "[".repeat(2_000) + "]".repeat(2_000),
            "{\"a\":1,\"a\":2}",
            "\"\\x\"",
            "nul",
            "[1,]",
            "\"\u007f\"")) {
      bodies.add("{\"name\":\"hostile\",\"data\":" + data + "}");
    }
    bodies.add("");
    bodies.add("\u0000");
    bodies.add("{\"name\":\"" + "n".repeat(200) + "\",\"data\":1}");
    bodies.add("[]");
    return bodies;
  }

  private static String shorten(String text) {
    return text.length() < 80 ? text : text.substring(0, 80) + "…";
  }
}
