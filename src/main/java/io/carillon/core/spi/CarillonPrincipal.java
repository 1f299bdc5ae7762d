package io.carillon.core.spi;

import io.carillon.core.Identity;
import java.security.Principal;

/**
 * Who a request belongs to, as the edge that checked the credential hands it on: the user principal
 * of a request or of a socket is of this type, or there was no good credential. Its name is the
 * user.
 */
public interface CarillonPrincipal extends Principal {
  /** What the credential says. */
  Identity identity();
}
