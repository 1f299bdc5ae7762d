package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.Payload;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Trace context of a call (W3C Trace Context, header {@code traceparent}), kept in the {@code meta}
 * of the events that the call publishes, so that a reader can continue the publisher's trace. A
 * header that is not valid is as none, as the recommendation has it.
 */
final class TraceContext {
  static final String NAME = "traceparent";

  /** Version, trace, parent and flags. */
  private static final Pattern VALID =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  private TraceContext() {}

  /**
   * Reads the header.
   *
   * @param values all values of it; null: there are none
   * @return null: no context, or none that can be continued
   */
  static @Nullable String read(@Nullable List<String> values) {
    if (values == null || values.size() != 1) {
      return null;
    }
    String value = values.get(0).strip();
    return VALID.matcher(value).matches() ? value : null;
  }

  /**
   * Adds a context to an event's {@code meta}; a context that is there stays, and where there is no
   * room for one it is left out.
   *
   * @param meta a flat object of strings, or null
   * @param context what {@link #read} gave
   */
  static @Nullable String into(@Nullable String meta, @Nullable String context) {
    if (context == null) {
      return meta;
    }
    String member = '"' + NAME + "\":\"" + context + "\"}";
    if (meta == null) {
      return '{' + member;
    }
    JsonFields fields = JsonFields.parse(meta, 1, ErrorCode.BAD_DATA);
    if (fields.has(NAME)) {
      return meta;
    }
    String open = meta.substring(0, meta.length() - 1);
    try {
      return Payload.meta(open + (fields.names().isEmpty() ? "" : ",") + member);
    } catch (RefusedException tooLong) {
      return meta;
    }
  }
}
