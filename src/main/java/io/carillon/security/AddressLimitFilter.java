package io.carillon.security;

import io.carillon.core.RefusedException;
import io.carillon.core.limit.Limit;
import io.carillon.core.limit.Limits;
import io.carillon.core.limit.Visitor;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Filter that limits the requests of an address, before anything is done for them: 429 with {@code
 * Retry-After}. Readers of events are limited by {@link ConnectLimitFilter}, which can answer in
 * the form that they understand. To be mapped on everything, after {@link ForwardedFilter} and
 * before {@link CredentialFilter}.
 */
public final class AddressLimitFilter implements Filter {
  private final Limits limits;

  /** Makes the filter. */
  public AddressLimitFilter(Limits limits) {
    this.limits = limits;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    try {
      if (RequestLine.tooLong(http) || !RequestLine.of(http).readsEvents()) {
        limits.take(Limit.REQUESTS_ADDRESS, new Visitor(null, "", http.getRemoteAddr()), 1);
      }
    } catch (RefusedException refused) {
      ProblemResponse.refuse((HttpServletResponse) response, refused.rejection());
      return;
    }
    chain.doFilter(request, response);
  }
}
