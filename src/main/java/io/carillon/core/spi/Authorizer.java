package io.carillon.core.spi;

import io.carillon.core.Identity;
import io.carillon.core.Right;
import io.carillon.core.RoomName;

/**
 * Decision point for rights. The default reads the credential's own claim; an application may
 * provide a CDI bean of its own. May block (called on virtual threads), must not throw.
 */
@FunctionalInterface
public interface Authorizer {
  /** Whether {@code who} has the right in the room now. */
  boolean allows(Identity who, Right right, RoomName room);

  /**
   * Whether {@link #allows} may have to wait for something; asked once. An authorizer that answers
   * false is called on threads that must not block, which saves each publish a change of threads.
   */
  default boolean mayWait() {
    return true;
  }
}
