package io.carillon.transport.poll;

import io.carillon.core.RefusedException;
import io.carillon.core.uri.UriDecoder;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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

  /**
   * Reads a request.
   *
   * @throws RefusedException if its query is not encoded as it should be
   */
  static EngineRequest of(HttpServletRequest request) {
    boolean upgrade =
        Collections.list(request.getHeaders("Upgrade")).stream()
            .anyMatch(protocol -> protocol.strip().equalsIgnoreCase(SOCKET));
    return new EngineRequest(
        request.getRequestURI().substring(request.getContextPath().length()),
        UriDecoder.query(request.getQueryString()),
        request.getMethod(),
        upgrade);
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
