package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reader of request bodies, bounded by the limit and not by the declared length. */
final class Bodies {
  private Bodies() {}

  /**
   * Reads a body that must be JSON.
   *
   * @throws RefusedException {@code unsupported} if the content type does not say JSON, {@code
   *     too_large} beyond the limit, {@code bad_frame} if it is not UTF-8
   */
  static String json(HttpHeaders headers, InputStream body, int limit) {
    if (!isJson(headers.getMediaType())) {
      throw new RefusedException(ErrorCode.UNSUPPORTED);
    }
    return text(headers, body, limit);
  }

  /** Reads a body whose content type was looked at already. */
  static String text(HttpHeaders headers, InputStream body, int limit) {
    MediaType type = headers.getMediaType();
    String charset = type == null ? null : type.getParameters().get("charset");
    if (charset != null && !charset.toLowerCase(Locale.ROOT).matches("\"?utf-?8\"?")) {
      throw new RefusedException(ErrorCode.UNSUPPORTED);
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(bytes(headers, body, limit));
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException notUtf8) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
  }

  /**
   * Reads a body of any media type.
   *
   * @throws RefusedException {@code too_large} beyond the limit
   */
  static byte[] bytes(HttpHeaders headers, InputStream body, int limit) {
    if (headers.getLength() > limit) {
      throw new RefusedException(ErrorCode.TOO_LARGE);
    }
    try {
      byte[] bytes = body.readNBytes(limit);
      if (bytes.length == limit && body.read() >= 0) {
        throw new RefusedException(ErrorCode.TOO_LARGE);
      }
      return bytes;
    } catch (IOException brokenOff) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
  }

  /** Whether it is {@code application/json} or another type with the suffix {@code +json}. */
  static boolean isJson(@Nullable MediaType type) {
    if (type == null) {
      return false;
    }
    String subtype = type.getSubtype().toLowerCase(Locale.ROOT);
    return type.getType().equalsIgnoreCase("application")
        && (subtype.equals("json") || subtype.endsWith("+json"));
  }
}
