package io.carillon.transport.poll;

import io.carillon.core.RefusedException;
import io.carillon.core.uri.UriDecoder;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Request of an Engine.IO client.
 *
 * @param path path without the context path
 * @param query decoded parameters
 * @param method HTTP method
 * @param upgrade whether it asks for a WebSocket
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

  /** Id of the session; null: a handshake. */
  @Nullable String session() {
    return parameter("sid");
  }

  /** Error of a request that cannot be served in any session; null: it can. */
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
