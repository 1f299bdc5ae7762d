package io.carillon.security;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Filter that tells all others where a request came from and by which scheme: as trusted proxies
 * say, and of nobody else's headers anything. To be mapped, with async support, on everything and
 * before every filter that asks for the address or the scheme. The container itself believes {@code
 * X-Forwarded-Proto} of everybody, so the scheme of a direct request is told by the port.
 */
public final class ForwardedFilter implements Filter {
  private static final System.Logger LOG = System.getLogger(ForwardedFilter.class.getName());

  private final AtomicBoolean complained = new AtomicBoolean();
  private final TrustedProxies trusted;
  private final int httpsPort;

  /**
   * Makes the filter.
   *
   * @param httpsPort our own port of https, by which the scheme of a direct request is known
   */
  public ForwardedFilter(TrustedProxies trusted, int httpsPort) {
    this.trusted = trusted;
    this.httpsPort = httpsPort;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    String peer = http.getRemoteAddr();
    Forwarded forwarded = Forwarded.of(http, peer, trusted);
    if (http.getHeader("X-Forwarded-For") != null && !trusted.contains(peer)) {
      complain(peer);
    }
    Boolean told = forwarded.secure();
    boolean secure = told == null ? http.getLocalPort() == httpsPort : told;
    boolean same = forwarded.address().equals(peer) && secure == http.isSecure();
    chain.doFilter(
        same ? request : new ForwardedRequest(http, forwarded.address(), secure), response);
  }

  /** Says once that somebody who is not believed speaks like a proxy: it may be one. */
  private void complain(String peer) {
    if (complained.compareAndSet(false, true)) {
      LOG.log(
          Level.WARNING,
          "{0} sends X-Forwarded-For and is not among carillon.trusted.proxies: if it is a proxy,"
              + " all its clients count as one address",
          peer);
    }
  }

  /** Request as the client sent it to the first trusted proxy. */
  private static final class ForwardedRequest extends HttpServletRequestWrapper {
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final String address;
    private final boolean secure;
    private final boolean otherScheme;

    ForwardedRequest(HttpServletRequest request, String address, boolean secure) {
      super(request);
      this.address = address;
      this.secure = secure;
      this.otherScheme = secure != request.isSecure();
    }

    @Override
    public String getRemoteAddr() {
      return address;
    }

    @Override
    public String getRemoteHost() {
      return address;
    }

    @Override
    public boolean isSecure() {
      return secure;
    }

    @Override
    public String getScheme() {
      return secure ? "https" : "http";
    }

    /** The port of {@code Host}, which goes without saying where it is not said. */
    @Override
    public int getServerPort() {
      String host = getHeader("Host");
      boolean said = host == null || host.lastIndexOf(':') > host.lastIndexOf(']');
      return otherScheme && !said ? (secure ? HTTPS_PORT : HTTP_PORT) : super.getServerPort();
    }

    @Override
    public StringBuffer getRequestURL() {
      StringBuffer url = super.getRequestURL();
      int end = url.indexOf("://");
      return otherScheme && end > 0 ? url.replace(0, end, getScheme()) : url;
    }
  }
}
