package io.carillon.core.spi;

import io.carillon.core.Identity;
import java.security.Principal;

/**
 * Principal of a request or a socket whose credential was found good. A request without a principal
 * of this type had no good credential. Its name is the user.
 */
public interface CarillonPrincipal extends Principal {
  /** What the credential says. */
  Identity identity();

  /** The peer's address as the container knows it; empty where it is not known. */
  default String address() {
    return "";
  }
}
