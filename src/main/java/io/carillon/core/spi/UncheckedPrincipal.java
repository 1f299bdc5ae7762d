package io.carillon.core.spi;

import io.carillon.core.Rejection;
import java.security.Principal;

/**
 * Nobody: a credential was brought, and whether it is good could not be found out now. Whoever
 * serves such a request does nothing but tell the peer to come back.
 *
 * @param rejection what to tell, which is retryable
 */
public record UncheckedPrincipal(Rejection rejection) implements Principal {
  @Override
  public String getName() {
    return "nobody";
  }
}
