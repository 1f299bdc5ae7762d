package io.carillon.api;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.spi.Authorizer;
import io.carillon.core.spi.CarillonPrincipal;
import jakarta.ws.rs.core.SecurityContext;

/**
 * Identity of the caller of a REST resource. The filter lets no request in without an identity;
 * this checks it once more.
 */
final class Caller {
  /** The room in which the right {@code admin} stands for the whole server. */
  private static final RoomName SERVER = new RoomName(RoomName.RESERVED_NAMESPACE + ":server");

  private Caller() {}

  static Identity of(SecurityContext context) {
    return principal(context).identity();
  }

  static CarillonPrincipal principal(SecurityContext context) {
    if (context.getUserPrincipal() instanceof CarillonPrincipal principal) {
      return principal;
    }
    throw new RefusedException(ErrorCode.UNAUTHENTICATED);
  }

  /** The caller, if it may administer the server. */
  static Identity operator(SecurityContext context, Authorizer authorizer) {
    Identity who = of(context);
    if (!authorizer.allows(who, Right.ADMIN, SERVER)) {
      throw new RefusedException(ErrorCode.FORBIDDEN);
    }
    return who;
  }
}
