package io.carillon.protocol.pusher;

import io.carillon.core.Content;
import io.carillon.core.ErrorCode;
import io.carillon.core.Event;
import io.carillon.core.RefusedException;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import org.jspecify.annotations.Nullable;

/**
 * Event data of a Pusher publisher, which may be any text. JSON is stored as that JSON, unchanged;
 * other text is stored as a JSON string, and marked, so that Pusher clients get the original text.
 *
 * @param content for the log
 * @param meta the mark, or null
 */
record PusherData(Content content, @Nullable String meta) {
  /** Mark of data that was no JSON, in the event's meta. */
  private static final String TEXT = "{\"pusher\":\"text\"}";

  /** Converts the text of a publisher. */
  static PusherData of(String text) {
    try {
      JsonText.check(text, JsonText.MAX_DEPTH, ErrorCode.BAD_DATA);
      return new PusherData(Content.json(text), null);
    } catch (RefusedException noJson) {
      String string = new JsonWriter(new StringBuilder(text.length() + 16)).string(text).toString();
      return new PusherData(Content.json(string), TEXT);
    }
  }

  /** Text of an event for Pusher clients. */
  static String text(Event event) {
    String text = event.content().text();
    return TEXT.equals(event.meta()) && JsonText.isString(text) ? string(text) : text;
  }

  /** Value of a JSON string. */
  static String string(String json) {
    return JsonFields.parse("{\"text\":" + json + '}', 1, ErrorCode.BAD_DATA)
        .requiredString("text");
  }
}
