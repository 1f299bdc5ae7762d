package io.carillon.security;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request that holds exactly what a test put into it. */
final class Requests {
  private final String method;
  private final String uri;
  private final @Nullable String query;
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private @Nullable String serverName;
  private String protocol = "HTTP/1.1";

  private Requests(String method, String uri, @Nullable String query) {
    this.method = method;
    this.uri = uri;
    this.query = query;
    header("Host", "app.local:9080");
  }

  /** As over HTTP/2: the container knows the name that was asked for, but has no header of it. */
  Requests withoutHost(String name) {
    headers.remove("Host");
    serverName = name;
    return this;
  }

  Requests over(String version) {
    protocol = version;
    return this;
  }

  Requests without(String name) {
    headers.remove(name);
    return this;
  }

  static Requests of(String method, String target) {
    int mark = target.indexOf('?');
    return mark < 0
        ? new Requests(method, target, null)
        : new Requests(method, target.substring(0, mark), target.substring(mark + 1));
  }

  Requests header(String name, String value) {
    headers.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    return this;
  }

  Requests cookie(String name, String value) {
    return header("Cookie", name + '=' + value);
  }

  @SuppressWarnings("JdkObsolete") // The interface has it so.
  HttpServletRequest request() {
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            Requests.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (proxy, called, arguments) ->
                switch (called.getName()) {
                  case "getMethod" -> method;
                  case "getRequestURI" -> uri;
                  case "getContextPath" -> "";
                  case "getProtocol" -> protocol;
                  case "getHeaderNames" -> Collections.enumeration(List.copyOf(headers.keySet()));
                  case "getQueryString" -> query;
                  case "getScheme" -> "http";
                  case "isSecure" -> false;
                  case "getServerName" -> serverName;
                  case "getServerPort" -> 9080;
                  case "getRemoteAddr" -> "192.0.2.7";
                  case "getLocalPort" -> 9080;
                  case "getRequestURL" -> new StringBuffer("http://app.local:9080" + uri);
                  case "getUserPrincipal" -> null;
                  case "getHeader" -> {
                    List<String> values = headers.get((String) arguments[0]);
                    yield values == null ? null : values.get(0);
                  }
                  case "getHeaders" ->
                      Collections.enumeration(
                          headers.getOrDefault((String) arguments[0], List.of()));
                  case "toString" -> method.toUpperCase(Locale.ROOT) + ' ' + uri;
                  default -> throw new UnsupportedOperationException(called.getName());
                });
  }
}
