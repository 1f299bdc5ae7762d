package io.carillon.transport.http;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.json.JsonFields;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Request body of a read of several rooms: {@code {"rooms":[…],"after"?,"last"?,"limit"?,
 * "presence"?,"signals"?}}. Other members are ignored; every fault is a {@link RefusedException}.
 *
 * @param rooms the names, not checked yet
 * @param values the other members as a query would have them
 */
record RoomsBody(List<String> rooms, Map<String, String> values) {
  /** 100 names and 100 cursors of the longest kind, with as much again for blanks. */
  static final int MAX_BYTES = 64 * 1024;

  private static final int MAX_DEPTH = 32;

  /** Copies both. */
  RoomsBody {
    rooms = List.copyOf(rooms);
    values = Map.copyOf(values);
  }

  /**
   * Reads a body.
   *
   * @throws RefusedException {@code too_large}, or {@code bad_frame} if it is not such an object
   */
  static RoomsBody read(InputStream body) {
    return parse(text(body));
  }

  static RoomsBody parse(String text) {
    JsonFields fields = JsonFields.parse(text, MAX_DEPTH, ErrorCode.BAD_FRAME);
    Map<String, String> values = new HashMap<>();
    for (String word : List.of("after", "client")) {
      String value = fields.string(word);
      if (value != null) {
        values.put(word, value);
      }
    }
    for (String flag : List.of("presence", "signals")) {
      values.put(flag, Boolean.toString(fields.bool(flag, false)));
    }
    for (String number : List.of("last", "limit", "call")) {
      long value = fields.integer(number, Long.MIN_VALUE);
      if (value != Long.MIN_VALUE) {
        values.put(number, Long.toString(value));
      }
    }
    return new RoomsBody(fields.strings("rooms"), values);
  }

  /** The parameters of the request that brought this body. */
  Params params(HttpServletRequest request) {
    return Params.of(request, rooms, values::get);
  }

  private static String text(InputStream body) {
    try {
      byte[] bytes = body.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new RefusedException(ErrorCode.TOO_LARGE);
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IOException brokenOffOrNotUtf8) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
  }
}
