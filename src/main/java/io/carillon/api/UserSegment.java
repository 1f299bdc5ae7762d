package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Name of a user as a segment of a path: as it is, percent-encoded, or {@code ~} and the base64url
 * of its UTF-8 without padding (RFC 4648, 5). The second form is for names with a slash or a
 * backslash, as subjects of issuers may have, which containers and proxies refuse in a path also
 * when they are encoded (Jakarta Servlet 6.0, 3.5.2); for {@code .} and {@code ..}; and for those
 * that begin with a tilde.
 */
final class UserSegment {
  private static final String ENCODED = "~";

  private UserSegment() {}

  /**
   * The name that a segment stands for.
   *
   * @param segment decoded once, as JAX-RS gives it
   * @throws RefusedException {@code bad_data}: a tilde with something else behind it
   */
  static String user(String segment) {
    if (!segment.startsWith(ENCODED)) {
      return segment;
    }
    try {
      byte[] name = Base64.getUrlDecoder().decode(segment.substring(ENCODED.length()));
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (IllegalArgumentException | CharacterCodingException malformed) {
      throw new RefusedException(ErrorCode.BAD_DATA);
    }
  }
}
