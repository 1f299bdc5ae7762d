package io.carillon.security;

import io.carillon.core.Identity;
import io.carillon.core.spi.CarillonPrincipal;

/** Principal of a request with a good credential; prints nothing but the user. */
record RequestPrincipal(Identity identity, String address) implements CarillonPrincipal {
  @Override
  public String getName() {
    return identity.user();
  }

  @Override
  public String toString() {
    return "user " + identity.user();
  }
}
