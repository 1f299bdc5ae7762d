package io.carillon.core.spi;

import io.carillon.core.Identity;

/** Issuer of one-time tickets for clients that cannot send a header. May block (database). */
@FunctionalInterface
public interface TicketOffice {
  /**
   * Makes a ticket that lets its holder in once, on any instance, as this identity.
   *
   * @throws LogUnavailableException if it cannot be stored now
   */
  Issued issue(Identity identity);
}
