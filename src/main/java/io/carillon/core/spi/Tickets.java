package io.carillon.core.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * One-time tickets, valid on every instance. Blocking; throws {@link LogUnavailableException} when
 * the store cannot be reached.
 */
public interface Tickets {
  /**
   * Makes a ticket of 256 random bits that carries the claims.
   *
   * @param claims the result of {@link #redeem}, opaque here; at most 8,192 characters
   * @param ttl its lifetime, by the store's time
   * @return the ticket, 43 characters of base64url; kept nowhere else in clear
   */
  String issue(String claims, Duration ttl);

  /**
   * Redeems a ticket: of all callers on all instances at most one gets the claims, once.
   *
   * @return the claims, or empty if it is unknown, used or too old
   */
  Optional<String> redeem(String ticket);
}
