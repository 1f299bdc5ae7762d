package io.carillon.core.spi;

import io.carillon.core.Identity;

/**
 * Verifier of tokens. Thread-safe; may block for a bounded time while the keys are fetched, so call
 * it on a virtual thread or a thread of a request.
 */
@FunctionalInterface
public interface Credentials {
  /**
   * Checks signature, issuer, audience, times and revocation.
   *
   * @param token a JWT in compact form, as the client sent it
   * @throws io.carillon.core.RefusedException with {@link
   *     io.carillon.core.ErrorCode#UNAUTHENTICATED} for every fault of the token, without naming it
   * @throws LogUnavailableException if the keys cannot be fetched now
   */
  Identity verify(String token);
}
