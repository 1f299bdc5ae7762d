package io.carillon.transport.poll;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a request of Engine.IO asks for.
 *
 * @param path without the application's own part
 * @param query its parameters, decoded
 * @param method of HTTP
 * @param upgrade whether it is to become a socket
 */
record EngineRequest(String path, Map<String, List<String>> query, String method, boolean upgrade) {
  private static final String SOCKET = "websocket";
  private static final String POLLING = "polling";

  static EngineRequest of(HttpServletRequest request) {
    boolean upgrade =
        Collections.list(request.getHeaders("Upgrade")).stream()
            .anyMatch(protocol -> protocol.strip().equalsIgnoreCase(SOCKET));
    return new EngineRequest(
        request.getRequestURI().substring(request.getContextPath().length()),
        query(request.getQueryString()),
        request.getMethod(),
        upgrade);
  }

  /** What stands in the query alone: {@code getParameter} would read the body. */
  static Map<String, List<String>> query(@Nullable String raw) {
    Map<String, List<String>> query = new TreeMap<>();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        String[] parts = pair.split("=", 2);
        String value = parts.length < 2 ? "" : decode(parts[1]);
        query.computeIfAbsent(decode(parts[0]), n -> new ArrayList<>(1)).add(value);
      }
    }
    return query;
  }

  private static String decode(String raw) {
    try {
      return URLDecoder.decode(raw, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return raw;
    }
  }

  private @Nullable String parameter(String name) {
    List<String> values = query.get(name);
    return values == null ? null : values.getFirst();
  }

  /** The session, or null if it is to begin. */
  @Nullable String session() {
    return parameter("sid");
  }

  /** Why it cannot be served, whatever session it is; null: it can. */
  @Nullable EngineError error() {
    String transport = parameter("transport");
    if (!POLLING.equals(transport) && !SOCKET.equals(transport)) {
      return EngineError.TRANSPORT_UNKNOWN;
    }
    if (SOCKET.equals(transport) != upgrade) {
      return EngineError.BAD_REQUEST;
    }
    if (session() != null) {
      return null;
    }
    if (!method.equals("GET")) {
      return EngineError.BAD_METHOD;
    }
    return "4".equals(parameter("EIO")) ? null : EngineError.VERSION;
  }
}
