package io.carillon.protocol;

import io.carillon.core.json.JsonWriter;

/**
 * Answer to a {@link HttpCall}.
 *
 * @param status of HTTP
 * @param json the body
 */
public record HttpAnswer(int status, String json) {
  /** It was done. */
  public static HttpAnswer ok(String json) {
    return new HttpAnswer(200, json);
  }

  /** It was not; the words are fixed and carry nothing of the call. */
  public static HttpAnswer error(int status, String words) {
    JsonWriter out = new JsonWriter(new StringBuilder(96)).beginObject();
    return new HttpAnswer(status, out.field("error", words).endObject().toString());
  }
}
