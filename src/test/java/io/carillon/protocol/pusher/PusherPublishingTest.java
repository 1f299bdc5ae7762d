package io.carillon.protocol.pusher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.limit.Limits;
import io.carillon.core.spi.GuestApp;
import io.carillon.core.spi.Namespaces.NamespaceOptions;
import io.carillon.kit.MemoryInstance;
import io.carillon.protocol.HttpAnswer;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a publish of several events leaves behind if one of them is bad, or if the log fails. */
final class PusherPublishingTest {
  private static final GuestApp APP = GuestApp.demo();
  private static final String GOOD = "{\"channel\":\"good\",\"name\":\"e\",\"data\":\"1\"}";
  private static final RoomName CLOSED = new RoomName("pusher:closed");

  /** A room may be closed to somebody who has the right in all others. */
  private final MemoryInstance instance =
      new MemoryInstance(
          256 * 1024,
          (who, right, room) -> !room.equals(CLOSED) && who.grants().allow(right, room));

  private final PusherPublishing publishing =
      new PusherPublishing(instance.rooms, new PusherQueries(instance.rooms), Limits.NONE);

  @AfterEach
  void close() {
    instance.close();
  }

  private static JsonFields json(String text) {
    return JsonFields.parse(text, JsonText.MAX_DEPTH + 3, ErrorCode.BAD_FRAME);
  }

  private HttpAnswer batch(GuestApp app, String... events) {
    return publishing.publishAll(app, json("{\"batch\":[" + String.join(",", events) + "]}"));
  }

  private HttpAnswer events(GuestApp app, String members) {
    return publishing.publish(app, json("{\"name\":\"e\"," + members + "}"));
  }

  private long events(String channel) {
    return instance.log.head(new RoomName("pusher:" + channel)).seq();
  }

  /** The status of a call, however it is refused. */
  private static int status(Supplier<HttpAnswer> call) {
    try {
      return call.get().status();
    } catch (RefusedException refused) {
      return refused.rejection().code().status();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "{}",
        "{\"channel\":\"c\",\"name\":\"e\"}",
        "{\"channel\":\"c\",\"data\":\"1\"}",
        "{\"name\":\"e\",\"data\":\"1\"}",
        "{\"channel\":\"c\",\"name\":\"a b\",\"data\":\"1\"}",
        "{\"channel\":\"c\",\"name\":\"pusher:e\",\"data\":\"1\"}",
        "{\"channel\":\"a;b\",\"name\":\"e\",\"data\":\"1\"}",
        "{\"channel\":7,\"name\":\"e\",\"data\":\"1\"}",
        "{\"channel\":\"c\",\"name\":\"e\",\"data\":\"1\",\"socket_id\":\"x\"}",
        "{\"channel\":\"c\",\"name\":\"e\",\"data\":\"1\",\"info\":1}",
        "{\"channel\":\"c\",\"name\":\"e\",\"data\":\"1\",\"key\":\"\\n\"}",
        "{\"channel\":\"closed\",\"name\":\"e\",\"data\":\"1\"}"
      })
  void oneBadEventRefusesTheWholeBatch(String bad) {
    int status = status(() -> batch(APP, GOOD, bad, GOOD));
    assertTrue(status >= 400 && status < 500, () -> Integer.toString(status));
    assertEquals(0, events("good"));
  }

  @Test
  void oneEventThatIsTooLargeRefusesTheWholeBatch() {
    String large = "x".repeat(NamespaceOptions.DEFAULTS.dataLimit());
    String bad = "{\"channel\":\"c\",\"name\":\"e\",\"data\":\"" + large + "\"}";
    assertEquals(413, status(() -> batch(APP, GOOD, bad)));
    assertEquals(0, events("good"));
  }

  @Test
  void oneBadChannelRefusesAll() {
    for (String bad : List.of("closed", "a;b", "", "x".repeat(200))) {
      String channels = "\"data\":\"1\",\"channels\":[\"good\",\"" + bad + "\"]";
      int status = status(() -> events(APP, channels));
      assertTrue(status >= 400 && status < 500, () -> bad + " " + status);
    }
    assertEquals(0, events("good"));
  }

  @Test
  void attributesThatCannotBeHadRefuseThePublish() {
    GuestApp writer = new GuestApp("w", "w", "w", Set.of(Right.WRITE), "pusher", true);
    String asking =
        "{\"channel\":\"good\",\"name\":\"e\",\"data\":\"1\",\"info\":\"subscription_count\"}";
    assertEquals(403, status(() -> batch(writer, asking)));
    String one = "\"data\":1,\"channel\":\"good\",\"info\":\"user_count\"";
    assertEquals(403, status(() -> events(writer, one)));
    assertEquals(0, events("good"));
    assertEquals(200, status(() -> batch(writer, GOOD)));
    assertEquals("{\"batch\":[{},{\"subscription_count\":0}]}", batch(APP, GOOD, asking).json());
  }

  @Test
  void whatIsNotStoredAtAllCanBeRepeated() {
    instance.log.refuse(new RoomName("pusher:good"), Rejection.of(ErrorCode.OVERLOADED));
    HttpAnswer answer = batch(APP, GOOD, GOOD);
    assertEquals(503, answer.status());
    assertEquals(HttpAnswer.error(503, ErrorCode.OVERLOADED.message()), answer);
  }

  @Test
  void whatIsStoredInPartIsToldEventByEvent() {
    instance.log.refuse(new RoomName("pusher:b"), Rejection.of(ErrorCode.STORAGE));
    HttpAnswer answer = events(APP, "\"data\":\"1\",\"channels\":[\"a\",\"b\"]");
    assertEquals(500, answer.status());
    assertEquals(
        "[{\"channel\":\"a\",\"status\":200},"
            + "{\"channel\":\"b\",\"status\":503,\"code\":\"storage\"}]",
        json(answer.json()).raw("events"));
    assertEquals(1, events("a"));
  }

  @Test
  void whatMayBeStoredIsToldWithTheKeyOfItsRetry() {
    Rejection unknown = new Rejection(ErrorCode.UNKNOWN, null, "id-7");
    instance.log.refuse(new RoomName("pusher:good"), unknown);
    HttpAnswer answer = batch(APP, GOOD);
    assertEquals(500, answer.status());
    assertEquals(
        "[{\"channel\":\"good\",\"status\":503,\"code\":\"unknown\",\"id\":\"id-7\"}]",
        json(answer.json()).raw("events"));
  }

  @Test
  void aKeyMakesARetrySafe() {
    String keyed = "\"data\":\"1\",\"channels\":[\"a\",\"b\"],\"key\":\"k-1\"";
    assertEquals(200, events(APP, keyed).status());
    assertEquals(HttpAnswer.ok("{}"), events(APP, keyed));
    assertEquals(200, events(APP, keyed.replace("k-1", "k-2")).status());
    assertEquals(2, events("a"));
    assertEquals(2, events("b"));
    assertThrows(RefusedException.class, () -> events(APP, keyed.replace("k-1", "x".repeat(129))));
    assertEquals(2, events("a"));
  }
}
