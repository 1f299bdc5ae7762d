package io.carillon.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;

/**
 * Cookie parser by RFC 6265: pairs between semicolons, and no other syntax has a meaning. The
 * container's own parser follows an older standard and writes a failure file for what it cannot
 * parse.
 */
final class Cookies {
  private Cookies() {}

  /** The values of all cookies of a name, in the order in which they were sent. */
  static List<String> named(HttpServletRequest request, String name) {
    List<String> values = new ArrayList<>(1);
    Enumeration<String> headers = request.getHeaders("Cookie");
    while (headers != null && headers.hasMoreElements()) {
      for (String pair : headers.nextElement().split(";", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
          values.add(unquoted(pair.substring(equals + 1).strip()));
        }
      }
    }
    return values;
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
