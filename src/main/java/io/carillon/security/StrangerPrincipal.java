package io.carillon.security;

import io.carillon.core.spi.AddressedPrincipal;

/** Principal of a request that has shown no credential, where none is needed yet. */
record StrangerPrincipal(String address) implements AddressedPrincipal {
  @Override
  public String getName() {
    return "nobody";
  }

  @Override
  public String toString() {
    return getName();
  }
}
