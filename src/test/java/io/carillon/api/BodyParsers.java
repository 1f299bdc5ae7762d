package io.carillon.api;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.Content;
import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonText;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Targets for inputs that nobody would write by hand: bodies of publishes. */
public final class BodyParsers {
  private static final RoomName ROOM = new RoomName("a:b");

  private BodyParsers() {}

  private interface Reading {
    Draft read();
  }

  private static void checked(Reading reading) {
    try {
      Draft draft = reading.read();
      if (draft.content() instanceof Content.Json json) {
        JsonText.check(json.text(), JsonText.MAX_DEPTH, ErrorCode.STORAGE);
        assertTrue(json.text().indexOf('\n') < 0 && json.text().indexOf('\r') < 0, json.text());
      }
    } catch (RefusedException no) {
      assertTrue(no.rejection().code() != ErrorCode.STORAGE, "what was taken is no JSON");
    }
  }

  /** A body in each of the forms. */
  public static void bodies(String body) {
    checked(() -> Draft.read(body, ROOM, null));
    checked(() -> Draft.read(body, null, "key"));
    checked(() -> CloudEvents.structured(body, ROOM));
    checked(() -> CloudEvents.structured(body, null));
    List<String> items = Draft.elements(body, 100);
    assertTrue(items.size() <= 100);
    items.forEach(item -> checked(() -> Draft.read(item, null, null)));
  }

  /** Headers, one in a line, and after an empty one the body. */
  public static void cloudEvent(String text) {
    int end = text.indexOf("\n\n");
    String body = end < 0 ? "" : text.substring(end + 2);
    MultivaluedMap<String, String> headers = new MultivaluedHashMap<>();
    for (String line : (end < 0 ? text : text.substring(0, end)).split("\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    checked(() -> CloudEvents.binary(headers, body, ROOM));
    checked(
        () ->
            CloudEvents.binary(headers, "image/png", body.getBytes(StandardCharsets.UTF_8), ROOM));
  }
}
