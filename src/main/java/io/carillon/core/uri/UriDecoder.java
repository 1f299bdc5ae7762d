package io.carillon.core.uri;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decoder of percent-encoded text in UTF-8 (RFC 3986, section 2.1), in paths and in queries.
 * Stateless. Every method throws a {@link RefusedException} with {@link ErrorCode#BAD_FRAME} for
 * text that is not encoded as it should be.
 */
public final class UriDecoder {
  private UriDecoder() {}

  /** Decodes a path, or a segment of one: a plus sign stands for itself. */
  public static String path(String raw) {
    return form(raw.replace("+", "%2B"));
  }

  /** Decodes a name or a value of a form (URL Standard, section 5.1): a plus sign is a space. */
  public static String form(String raw) {
    try {
      return URLDecoder.decode(raw, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
  }

  /**
   * Decodes a query: the values of each parameter, in their order; a parameter without an equals
   * sign has an empty value. Unlike a request's {@code getParameter} it never reads a body.
   *
   * @param raw as it was sent; null: there is none
   */
  public static Map<String, List<String>> query(@Nullable String raw) {
    Map<String, List<String>> query = new TreeMap<>();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = form(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : form(pair.substring(equals + 1));
        query.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value);
      }
    }
    return query;
  }
}
