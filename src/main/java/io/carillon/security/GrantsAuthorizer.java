package io.carillon.security;

import io.carillon.core.Identity;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.spi.Authorizer;

/**
 * Default authorizer, by the credential's own {@code carillon} claim. In the namespace {@code
 * carillon} writing and signals are forbidden, and {@code admin} must be given on every room: it
 * stands for the whole server.
 */
public final class GrantsAuthorizer implements Authorizer {
  /** Makes the default authorizer. */
  public GrantsAuthorizer() {}

  @Override
  public boolean mayWait() {
    return false;
  }

  @Override
  public boolean allows(Identity who, Right right, RoomName room) {
    if (!room.reserved()) {
      return who.grants().allow(right, room);
    }
    return switch (right) {
      case WRITE, SIGNAL -> false;
      case ADMIN -> who.grants().allowEverywhere(right);
      case READ, PRESENCE -> who.grants().allow(right, room);
    };
  }
}
