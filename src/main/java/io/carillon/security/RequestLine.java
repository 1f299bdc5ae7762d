package io.carillon.security;

import io.carillon.core.RoomName;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Raw path and raw query of a request, as the client sent them, on which the filter decides. Never
 * {@code getPathInfo()}, which the container has already cut, and never {@code getParameter()},
 * which would read the body.
 */
final class RequestLine {
  /** Most characters of path and query, as they were sent; docs/wire.md tells it. */
  static final int MAX_LENGTH = 16_000;

  private static final List<String> TOKEN_NAMES =
      List.of("access_token", "token", "id_token", "jwt", "carillon_token", "authorization");
  private static final String TICKET = "ticket";

  private final String method;
  private final String path;
  private final boolean tokenInQuery;
  private final @Nullable String ticket;
  private final boolean resumes;

  private RequestLine(
      String method, String path, boolean tokenInQuery, @Nullable String ticket, boolean resumes) {
    this.method = method;
    this.path = path;
    this.tokenInQuery = tokenInQuery;
    this.ticket = ticket;
    this.resumes = resumes;
  }

  static RequestLine of(HttpServletRequest request) {
    String uri = request.getRequestURI();
    String context = request.getContextPath();
    String path = uri.startsWith(context) ? uri.substring(context.length()) : uri;
    boolean token = false;
    String seen = request.getHeader("Last-Event-ID");
    boolean resumes = seen != null && !seen.isEmpty();
    List<String> tickets = new ArrayList<>(1);
    String query = request.getQueryString();
    if (query != null) {
      for (String pair : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = decode(equals < 0 ? "" : pair.substring(equals + 1));
        token |= TOKEN_NAMES.contains(name.toLowerCase(Locale.ROOT));
        token |= TokenShape.isIn(value);
        resumes |= name.equals("lastEventId") && !value.isEmpty();
        if (name.equals(TICKET)) {
          tickets.add(value);
        }
      }
    }
    // Two tickets are as good as a bad one: nobody could say which was meant.
    String ticket =
        switch (tickets.size()) {
          case 0 -> null;
          case 1 -> tickets.get(0);
          default -> "";
        };
    return new RequestLine(request.getMethod(), path, token, ticket, resumes);
  }

  /** Whether path and query together are longer than we read; to be asked before {@link #of}. */
  static boolean tooLong(HttpServletRequest request) {
    String query = request.getQueryString();
    return request.getRequestURI().length() + (query == null ? 0 : query.length()) > MAX_LENGTH;
  }

  /** Whether a long-lived token stands in the query, where logs would keep it. */
  boolean tokenInQuery() {
    return tokenInQuery;
  }

  /** The ticket, empty if there are several, or null. */
  @Nullable String ticket() {
    return ticket;
  }

  /** Whether it says which event it has read last, as a stream does that comes back. */
  boolean resumes() {
    return resumes;
  }

  /** Whether there is a path parameter, which the container would silently cut off. */
  boolean hasPathParameter() {
    return path.indexOf(';') >= 0;
  }

  /** Whether the path names a room and that name, decoded exactly once, is not valid. */
  boolean hasBadRoom() {
    String[] segments = path.split("/", -1);
    if (segments.length < 4 || !segments[1].equals("api") || !segments[2].equals("rooms")) {
      return false;
    }
    // A plus sign is not a space in a path, and no room has either.
    return !RoomName.isValid(decode(segments[3].replace("+", "%2B")))
        && (segments.length > 4 || !segments[3].isEmpty());
  }

  /** The path without the application's own part. */
  String path() {
    return path;
  }

  /** Whether it reads events: a stream, a long poll or history, of one room or several. */
  boolean readsEvents() {
    if (method.equals("POST")) {
      return path.equals("/api/streams");
    }
    if (!method.equals("GET")) {
      return false;
    }
    return path.equals("/api/events")
        || (path.startsWith("/api/rooms/")
            && path.endsWith("/events")
            && path.chars().filter(c -> c == '/').count() == 4);
  }

  /** Whether it is the one call that needs no credential, for it makes one. */
  boolean demoToken() {
    return method.equals("POST") && path.equals("/api/demo/token");
  }

  private static String decode(String raw) {
    try {
      return URLDecoder.decode(raw, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return raw;
    }
  }
}
