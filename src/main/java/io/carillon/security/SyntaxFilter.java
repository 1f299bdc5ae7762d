package io.carillon.security;

import io.carillon.core.ErrorCode;
import io.carillon.core.Rejection;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * Filter that refuses malformed requests with 400: control characters in the address, which HTTP/2
 * lets through; a query that is not encoded as it should be; media types that cannot be read. Code
 * that reads them later would log a stack trace, or the text itself. To be mapped on everything,
 * after the filter that looks at credentials.
 */
public final class SyntaxFilter implements Filter {
  /** Makes the filter. */
  public SyntaxFilter() {}

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    if (isText(http.getRequestURI()) && isQuery(http.getQueryString()) && areTypes(http)) {
      chain.doFilter(request, response);
      return;
    }
    ProblemResponse.send((HttpServletResponse) response, Rejection.of(ErrorCode.BAD_FRAME));
  }

  private static boolean areTypes(HttpServletRequest request) {
    String type = request.getHeader("Content-Type");
    if (type != null && !MediaRanges.isType(type)) {
      return false;
    }
    Enumeration<String> accepted = request.getHeaders("Accept");
    while (accepted != null && accepted.hasMoreElements()) {
      if (!MediaRanges.areRanges(accepted.nextElement())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isText(@Nullable String text) {
    return text == null || text.chars().noneMatch(c -> c < ' ' || c == 0x7f);
  }

  /** Without control characters, and what is encoded is encoded UTF-8. */
  private static boolean isQuery(@Nullable String query) {
    if (query == null || query.indexOf('%') < 0) {
      return isText(query);
    }
    ByteBuffer bytes = ByteBuffer.allocate(query.length());
    for (int i = 0; i < query.length(); i++) {
      char c = query.charAt(i);
      if (c != '%') {
        bytes.put((byte) (c < 0x80 ? c : '?'));
      } else if (i + 2 < query.length()
          && Character.digit(query.charAt(i + 1), 16) >= 0
          && Character.digit(query.charAt(i + 2), 16) >= 0) {
        bytes.put((byte) Integer.parseInt(query, i + 1, i + 3, 16));
        i += 2;
      } else {
        return false;
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(bytes.flip());
      return isText(query);
    } catch (CharacterCodingException notUtf8) {
      return false;
    }
  }
}
