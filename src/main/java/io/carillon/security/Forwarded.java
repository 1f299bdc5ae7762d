package io.carillon.security;

import io.carillon.core.limit.IpAddress;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Client of a request, as trusted proxies tell it: by {@code Forwarded} (RFC 7239), else by {@code
 * X-Forwarded-For} and {@code X-Forwarded-Proto}. Each proxy adds the address that it was called
 * from at the end, so the list is read from there: the client is the first address that is not a
 * trusted proxy, and what stands before it anybody may have written.
 *
 * @param address of the client
 * @param secure whether the client came by TLS; null: nobody who is trusted says so
 */
record Forwarded(String address, @Nullable Boolean secure) {
  /** Most entries that are read; the rest is what a stranger wrote. */
  private static final int MOST = 32;

  private static final String HTTPS = "https";

  /** One proxy's entry: whom it was called by, and how; null where it does not say. */
  private record Hop(@Nullable String from, @Nullable String scheme) {}

  /**
   * Reads the headers of a request.
   *
   * @param peer the address that the request came from
   */
  static Forwarded of(HttpServletRequest request, String peer, TrustedProxies trusted) {
    if (!trusted.contains(peer)) {
      return new Forwarded(peer, null);
    }
    List<String> standard = entries(request, "Forwarded");
    List<Hop> hops = standard.isEmpty() ? usual(request) : standard(standard);
    String client = peer;
    String scheme = null;
    for (Hop hop : hops.reversed()) {
      String from = hop.from;
      scheme = hop.scheme == null ? scheme : hop.scheme;
      if (from == null) {
        break;
      }
      client = from;
      if (!trusted.contains(from)) {
        break;
      }
    }
    return new Forwarded(client, scheme == null ? null : scheme.equals(HTTPS));
  }

  private static List<Hop> usual(HttpServletRequest request) {
    List<String> from = entries(request, "X-Forwarded-For");
    List<String> schemes = entries(request, "X-Forwarded-Proto");
    List<Hop> hops = new ArrayList<>();
    for (int i = 0; i < from.size(); i++) {
      // Of one scheme for many proxies nobody knows whose it is: the nearest has let it pass.
      boolean own = schemes.size() == from.size();
      String scheme = schemes.isEmpty() ? null : own ? schemes.get(i) : schemes.getLast();
      hops.add(new Hop(address(from.get(i)), lower(scheme)));
    }
    if (from.isEmpty() && !schemes.isEmpty()) {
      hops.add(new Hop(null, lower(schemes.getLast())));
    }
    return hops;
  }

  private static List<Hop> standard(List<String> entries) {
    List<Hop> hops = new ArrayList<>();
    for (String entry : entries) {
      String from = null;
      String scheme = null;
      for (String pair : entry.split(";", -1)) {
        String[] parts = pair.split("=", 2);
        String value = parts.length == 2 ? unquoted(parts[1].strip()) : "";
        switch (Objects.requireNonNull(lower(parts[0].strip()))) {
          case "for" -> from = address(value);
          case "proto" -> scheme = lower(value);
          default -> {}
        }
      }
      hops.add(new Hop(from, scheme));
    }
    return hops;
  }

  /** The last entries of a list header, in order. */
  private static List<String> entries(HttpServletRequest request, String header) {
    List<String> entries = new ArrayList<>();
    for (String line : Collections.list(request.getHeaders(header))) {
      for (String entry : line.split(",", -1)) {
        entries.add(entry.strip());
      }
    }
    return entries.subList(Math.max(0, entries.size() - MOST), entries.size());
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /** An address without its port; null: it is none. */
  private static @Nullable String address(String written) {
    String text = written;
    int end = text.indexOf(']');
    if (text.startsWith("[") && end > 0) {
      text = text.substring(1, end);
    } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
      text = text.substring(0, text.indexOf(':'));
    }
    InetAddress known = IpAddress.parse(text);
    return known == null ? null : known.getHostAddress();
  }

  private static @Nullable String lower(@Nullable String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }
}
