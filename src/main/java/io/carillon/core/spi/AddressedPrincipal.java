package io.carillon.core.spi;

import java.security.Principal;

/** Principal of a request or a socket that tells where it came from, whether it has an identity. */
public interface AddressedPrincipal extends Principal {
  /** The peer's address as the container knows it; empty where it is not known. */
  default String address() {
    return "";
  }
}
