package io.carillon.protocol.json;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.Rejection;
import io.carillon.core.Reply;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonText;
import io.carillon.protocol.Decoded;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads messages of {@code carillon.v1}. What is not a command becomes the answer in its place. */
final class Decoder {
  /** How many commands a message may hold. */
  static final int MAX_COMMANDS = 1000;

  /** Longest {@code ref} as JSON text. */
  static final int MAX_REF_LENGTH = 128;

  /**
   * Deepest nesting of a command. Deeper than a payload may be, so that a payload that is too deep
   * gets an answer with its {@code ref}.
   */
  private static final int FRAME_DEPTH = 2 * JsonText.MAX_DEPTH;

  List<Decoded> decode(String message) {
    if (!JsonText.isArray(message)) {
      return List.of(decodeOne(message));
    }
    List<String> parts;
    try {
      parts = JsonText.elements(message, FRAME_DEPTH + 1, MAX_COMMANDS, ErrorCode.BAD_FRAME);
    } catch (RefusedException refused) {
      return List.of(refuse(null, refused.rejection()));
    }
    List<Decoded> decoded = new ArrayList<>(parts.size());
    for (String part : parts) {
      decoded.add(decodeOne(part));
    }
    return decoded;
  }

  private static Decoded decodeOne(String text) {
    String ref = null;
    try {
      JsonFields fields = JsonFields.parse(text, FRAME_DEPTH, ErrorCode.BAD_FRAME);
      ref = ref(fields);
      return new Decoded.Asked(CommandReader.read(fields, ref));
    } catch (RefusedException refused) {
      return refuse(ref, refused.rejection());
    }
  }

  private static @Nullable String ref(JsonFields fields) {
    String ref = fields.raw("ref");
    if (ref == null || ref.equals("null")) {
      return null;
    }
    char first = ref.charAt(0);
    boolean stringOrNumber = first == '"' || first == '-' || (first >= '0' && first <= '9');
    if (!stringOrNumber || ref.length() > MAX_REF_LENGTH) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
    return ref;
  }

  private static Decoded refuse(@Nullable String ref, Rejection rejection) {
    return new Decoded.Invalid(new Reply.Refused(ref, rejection));
  }
}
