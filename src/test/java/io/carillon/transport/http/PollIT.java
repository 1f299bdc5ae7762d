package io.carillon.transport.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.kit.Cluster;
import io.carillon.kit.client.Calls;
import io.carillon.kit.client.RoomNames;
import io.carillon.kit.client.Texts;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** History and long polls of two real servers. */
final class PollIT {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ExecutorService ASIDE = Executors.newVirtualThreadPerTaskExecutor();
  private static Calls first;
  private static Calls second;

  private final String room = RoomNames.fresh();
  private final String path = "/api/rooms/" + room + "/events";

  @BeforeAll
  static void servers() {
    URI one = Cluster.shared().server(0).uri("/");
    String token = Calls.demoToken(HTTP, one, "alice");
    first = new Calls(HTTP, one, token);
    second = new Calls(HTTP, Cluster.shared().server(1).uri("/"), token);
  }

  @AfterAll
  static void close() {
    ASIDE.shutdownNow();
    HTTP.close();
  }

  @Test
  void historyIsReadInPagesEitherWay() {
    for (int i = 1; i <= 7; i++) {
      first.publish(room, "n", "" + i);
    }
    List<Long> all = new ArrayList<>();
    JsonObject page = second.page(path + "?limit=3");
    all.addAll(seqs(page));
    while (page.containsKey("next")) {
      page = second.page(path + "?limit=3&after=" + page.getString("next"));
      all.addAll(seqs(page));
    }
    assertEquals(LongStream.rangeClosed(1, 7).boxed().toList(), all);
    assertEquals(page.getString("cursor"), page.getString("head"));
    JsonObject back = second.page(path + "?limit=2&before=" + page.getString("head"));
    assertEquals(List.of(5L, 6L), seqs(back));
    back = second.page(path + "?limit=4&before=" + back.getString("next"));
    assertEquals(List.of(1L, 2L, 3L, 4L), seqs(back));
    assertFalse(back.containsKey("next"), "nothing is before the first");
    assertEquals(List.of(6L, 7L), seqs(second.page(path + "?last=2")));
    assertEquals(400, second.send("GET", path + "?last=2&after=0.0", "").statusCode());
    assertEquals(400, second.send("GET", path + "?limit=1001", "").statusCode());
  }

  @Test
  void historyBeginsAtAnInstant() {
    for (int i = 1; i <= 3; i++) {
      first.publish(room, "n", "" + i);
    }
    assertEquals(List.of(1L, 2L, 3L), seqs(second.page(path + "?since=2020-01-01T00:00:00Z")));
    JsonObject page = second.page(path + "?limit=2&since=1969-07-20T20:17:40.5Z");
    assertEquals(List.of(1L, 2L), seqs(page));
    assertEquals(List.of(3L), seqs(second.page(path + "?after=" + page.getString("next"))));
    JsonObject none = second.page(path + "?since=2999-01-01T00:00:00%2B01:00");
    assertEquals(List.of(), seqs(none));
    assertEquals(page.getString("head"), none.getString("cursor"));
    for (String wrong : List.of("", "yesterday", "2020-01-01", "1577836800", "2020-01-01T00:00")) {
      HttpResponse<String> answer = second.send("GET", path + "?since=" + wrong, "");
      assertEquals(400, answer.statusCode(), wrong);
      assertEquals("bad_frame", Texts.object(answer.body()).getString("code"), wrong);
    }
    String both = path + "?after=0.0&since=2020-01-01T00:00:00Z";
    assertEquals(400, second.send("GET", both, "").statusCode());
  }

  @Test
  void aPollAnswersAtOnceIfAnythingIsThere() {
    String epoch = first.publish(room, "n", "1").getString("epoch");
    first.publish(room, "n", "2");
    JsonObject page = second.poll(room, epoch + ".1", 25);
    assertEquals(List.of(2L), seqs(page));
    assertEquals(epoch + ".2", page.getString("cursor"));
    assertFalse(page.containsKey("next"));
    JsonObject some = second.page(path + "?limit=1&after=0.0", "Prefer", "respond-async, wait=25");
    assertEquals(List.of(1L), seqs(some));
    assertEquals(epoch + ".1", some.getString("next"));
  }

  @Test
  void aPollThatIsBehindIsAnsweredOnceWithAllThatIsThere() {
    String other = RoomNames.fresh();
    for (int i = 1; i <= 5; i++) {
      first.publish(room, "n", "\"" + "x".repeat(30_000) + "\"");
      first.publish(other, "n", "" + i);
    }
    String both = "/api/events?room=" + room + "&room=" + other + "&after=0.0,0.0";
    for (Calls server : List.of(first, second, first, second)) {
      JsonObject page = server.page(both, "Prefer", "wait=25");
      assertEquals(10, seqs(page).size());
      assertEquals(page.getString("head"), page.getString("cursor"));
      assertFalse(page.containsKey("next"));
    }
  }

  @Test
  void aPollWaitsForWhatComesOnTheOtherServer() throws Exception {
    String cursor = first.page(path).getString("cursor");
    Future<JsonObject> waiting = ASIDE.submit(() -> second.poll(room, cursor, 25));
    // Whenever it is published, before the poll begins or while it waits, the poll must answer.
    String epoch = first.publish(room, "n", "{\"é\":\"😀\"}").getString("epoch");
    JsonObject page = waiting.get(20, TimeUnit.SECONDS);
    assertEquals(List.of(1L), seqs(page));
    assertEquals(epoch + ".1", page.getString("cursor"));
    assertEquals(
        "😀", page.getJsonArray("events").getJsonObject(0).getJsonObject("data").getString("é"));
  }

  @Test
  void aPollEndsWithNothingWhenTheTimeIsUp() {
    String epoch = first.publish(room, "n", "1").getString("epoch");
    long begun = System.nanoTime();
    HttpResponse<String> answer =
        first.send("GET", path + "?after=" + epoch + ".1", "", "Prefer", "wait=1");
    assertTrue(System.nanoTime() - begun >= TimeUnit.MILLISECONDS.toNanos(900));
    assertEquals(200, answer.statusCode());
    assertEquals("wait=1", answer.headers().firstValue("Preference-Applied").orElse(""));
    JsonObject page = Texts.object(answer.body());
    assertEquals(0, page.getJsonArray("events").size());
    assertEquals(epoch + ".1", page.getString("cursor"));
    assertEquals(epoch + ".1", page.getString("head"));
  }

  @Test
  void aCursorThatCannotBeServedIsSaid() {
    String epoch = first.publish(room, "n", "1").getString("epoch");
    for (JsonObject page :
        List.of(first.page(path + "?after=" + epoch + ".9"), first.poll(room, epoch + ".9", 25))) {
      assertEquals(0, page.getJsonArray("events").size());
      JsonObject resync = page.getJsonArray("resync").getJsonObject(0);
      assertEquals("ahead", resync.getString("reason"));
      assertEquals(room, resync.getString("room"));
      assertEquals(epoch + ".1", page.getString("cursor"));
    }
  }

  @Test
  void severalRoomsArePolledWithOneCursor() throws Exception {
    String other = RoomNames.fresh();
    String both = "/api/events?room=" + room + "&room=" + other;
    JsonObject begin = first.page(both);
    assertEquals("0.0,0.0", begin.getString("cursor"));
    String a = first.publish(room, "a", "1").getString("epoch");
    JsonObject page = second.page(both + "&after=" + begin.getString("cursor"), "Prefer", "wait=9");
    assertEquals(a + ".1,0.0", page.getString("cursor"));
    String cursor = page.getString("cursor");
    Future<JsonObject> waiting =
        ASIDE.submit(() -> second.page(both + "&after=" + cursor, "Prefer", "wait=25"));
    String b = first.publish(other, "b", "1").getString("epoch");
    assertEquals(a + ".1," + b + ".1", waiting.get(20, TimeUnit.SECONDS).getString("cursor"));
    JsonObject all = second.page(both + "&after=0.0,0.0&limit=1", "Prefer", "wait=9");
    assertEquals(1, all.getJsonArray("events").size());
    assertTrue(all.containsKey("next"));
  }

  private static List<Long> seqs(JsonObject page) {
    return page.getJsonArray("events").getValuesAs(JsonObject.class).stream()
        .map(e -> e.getJsonNumber("seq").longValue())
        .toList();
  }
}
