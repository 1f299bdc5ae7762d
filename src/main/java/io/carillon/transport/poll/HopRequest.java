package io.carillon.transport.poll;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Request that another instance has handed on, as its client sent it. */
final class HopRequest extends HttpServletRequestWrapper {
  private static final String HOST = "Host";
  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;

  private final HopWord hop;

  HopRequest(HttpServletRequest request, HopWord hop) {
    super(request);
    this.hop = hop;
  }

  @Override
  public String getRemoteAddr() {
    return hop.address();
  }

  @Override
  public String getRemoteHost() {
    return hop.address();
  }

  @Override
  public boolean isSecure() {
    return hop.secure();
  }

  @Override
  public String getScheme() {
    return hop.secure() ? "https" : "http";
  }

  @Override
  public String getServerName() {
    int end = colon();
    return end < 0 ? hop.host() : hop.host().substring(0, end);
  }

  @Override
  public int getServerPort() {
    String port = colon() < 0 ? "" : hop.host().substring(colon() + 1);
    boolean number =
        !port.isEmpty() && port.length() <= 5 && port.chars().allMatch(HopWord::isDigit);
    int usual = hop.secure() ? HTTPS_PORT : HTTP_PORT;
    return number ? Integer.parseInt(port) : usual;
  }

  /** Where the port begins; negative: the host has none. */
  private int colon() {
    int last = hop.host().lastIndexOf(':');
    return last > hop.host().lastIndexOf(']') ? last : -1;
  }

  @Override
  public StringBuffer getRequestURL() {
    return new StringBuffer(getScheme() + "://" + hop.host() + getRequestURI());
  }

  @Override
  public @Nullable String getHeader(String name) {
    return name.equalsIgnoreCase(HOST) ? host() : super.getHeader(name);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    String host = host();
    return name.equalsIgnoreCase(HOST)
        ? Collections.enumeration(host == null ? List.of() : List.of(host))
        : super.getHeaders(name);
  }

  private @Nullable String host() {
    return hop.host().isEmpty() ? null : hop.host();
  }
}
