package io.carillon.core.spi;

import io.carillon.core.Rejection;
import java.security.Principal;

/**
 * Principal of a request whose credential could not be checked now. The only answer to such a
 * request is to come back later.
 *
 * @param rejection the answer, which is retryable
 */
public record UncheckedPrincipal(Rejection rejection) implements Principal {
  @Override
  public String getName() {
    return "nobody";
  }
}
