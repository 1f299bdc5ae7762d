package io.carillon.core.json;

import io.carillon.core.Content;
import io.carillon.core.ErrorCode;
import io.carillon.core.Member;
import io.carillon.core.RefusedException;

/**
 * Validation of the payloads that clients send: {@code data}, {@code meta} and {@code state}. Each
 * method gives the text as it will be stored and passed on: without outer whitespace and on one
 * line, else unchanged. The size of {@code data} depends on the namespace: {@link #checkSize}.
 */
public final class Payload {
  /** Greatest size of {@code meta} in UTF-8 bytes. */
  public static final int MAX_META_BYTES = 1024;

  private Payload() {}

  /**
   * Any JSON value.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_DATA} if it is not one
   */
  public static String data(String text) {
    JsonText.check(text, JsonText.MAX_DEPTH, ErrorCode.BAD_DATA);
    return JsonText.oneLine(text).strip();
  }

  /**
   * Looks at the size of a content: that of its bytes, for JSON in UTF-8.
   *
   * @throws RefusedException with {@link ErrorCode#TOO_LARGE} above the limit
   */
  public static void checkSize(Content content, int limit) {
    boolean fits =
        switch (content) {
          case Content.Json(String text) ->
              text.length() <= limit && JsonText.utf8Length(text) <= limit;
          case Content.Binary bytes -> bytes.size() <= limit;
        };
    if (!fits) {
      throw new RefusedException(ErrorCode.TOO_LARGE);
    }
  }

  /**
   * A flat object of strings.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_DATA} if it is not, with {@link
   *     ErrorCode#TOO_LARGE} above {@value #MAX_META_BYTES} bytes
   */
  public static String meta(String text) {
    JsonFields fields = JsonFields.parse(text, 1, ErrorCode.BAD_DATA);
    for (String name : fields.names()) {
      String raw = fields.raw(name);
      if (raw == null || !JsonText.isString(raw)) {
        throw new RefusedException(ErrorCode.BAD_DATA);
      }
    }
    return within(MAX_META_BYTES, text);
  }

  /**
   * A member's state: an object.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_DATA} if it is not, with {@link
   *     ErrorCode#TOO_LARGE} above {@value Member#MAX_STATE_BYTES} bytes
   */
  public static String state(String text) {
    if (!JsonText.isObject(text)) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
    JsonText.check(text, JsonText.MAX_DEPTH, ErrorCode.BAD_DATA);
    return within(Member.MAX_STATE_BYTES, text);
  }

  private static String within(int maxBytes, String text) {
    String line = JsonText.oneLine(text).strip();
    if (JsonText.utf8Length(line) > maxBytes) {
      throw new RefusedException(ErrorCode.TOO_LARGE);
    }
    return line;
  }
}
