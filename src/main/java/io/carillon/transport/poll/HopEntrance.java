package io.carillon.transport.poll;

import io.carillon.core.spi.LogUnavailableException;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Filter that knows a request which another instance has handed on, and tells all filters after it
 * of the client instead of the instance. To be mapped, with async support, on the paths of {@link
 * HolderFilter}, after the filter that knows proxies and before all others.
 */
public final class HopEntrance implements Filter {
  /** Attribute of a request that bears the header: whether its seal is good. */
  static final String SEALED = HopEntrance.class.getName();

  private final HopSeal seal;

  /** Makes the filter. */
  public HopEntrance(HopSeal seal) {
    this.seal = seal;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    List<String> said = Collections.list(http.getHeaders(HopSeal.HEADER));
    if (said.isEmpty()) {
      chain.doFilter(request, response);
      return;
    }
    String target = HopCall.target(http.getRequestURI(), http.getQueryString());
    HopWord hop = said.size() == 1 ? open(said.getFirst(), http.getMethod(), target) : null;
    http.setAttribute(SEALED, hop != null);
    if (hop != null) {
      ((HttpServletResponse) response).setHeader(HopSeal.HEADER, seal.receipt(said.getFirst()));
    }
    chain.doFilter(hop == null ? request : new HopRequest(http, hop), response);
  }

  /** What was sealed; null: it is forged, or nobody can tell now. */
  private @Nullable HopWord open(String sealed, String method, String target) {
    try {
      return seal.open(sealed, HopCall.sealed(method, target));
    } catch (LogUnavailableException noKey) {
      return null;
    }
  }
}
