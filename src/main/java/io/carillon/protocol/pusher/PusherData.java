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
 * Data of an event as a publisher of an application gave it: any text. One that is JSON is that
 * JSON in the log, character for character; any other is a JSON string there, and marked, so that
 * clients get the text back as it was.
 *
 * @param content for the log
 * @param meta the mark, or null
 */
record PusherData(Content content, @Nullable String meta) {
  /** The mark of a text that was no JSON. */
  private static final String TEXT = "{\"pusher\":\"text\"}";

  /** Of a text. */
  static PusherData of(String text) {
    try {
      JsonText.check(text, JsonText.MAX_DEPTH, ErrorCode.BAD_DATA);
      return new PusherData(Content.json(text), null);
    } catch (RefusedException noJson) {
      String string = new JsonWriter(new StringBuilder(text.length() + 16)).string(text).toString();
      return new PusherData(Content.json(string), TEXT);
    }
  }

  /** The text of an event for clients. */
  static String text(Event event) {
    String text = event.content().text();
    return TEXT.equals(event.meta()) && JsonText.isString(text) ? string(text) : text;
  }

  /** The value of a JSON string. */
  static String string(String json) {
    return JsonFields.parse("{\"text\":" + json + '}', 1, ErrorCode.BAD_DATA)
        .requiredString("text");
  }
}
