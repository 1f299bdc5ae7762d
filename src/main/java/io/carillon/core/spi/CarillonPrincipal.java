package io.carillon.core.spi;

import io.carillon.core.Identity;

/**
 * Principal of a request or a socket whose credential was found good. A request without a principal
 * of this type had no good credential. Its name is the user.
 */
public interface CarillonPrincipal extends AddressedPrincipal {
  /** What the credential says. */
  Identity identity();
}
