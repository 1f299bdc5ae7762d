package io.carillon.core.room;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.spi.Authorizer;

/** Asks for rights, and refuses in one way whether the room exists or not. */
final class AccessCheck {
  private final Authorizer authorizer;
  private final boolean mayWait;

  AccessCheck(Authorizer authorizer) {
    this.authorizer = authorizer;
    this.mayWait = authorizer.mayWait();
  }

  /** Whether asking here may have to wait. */
  boolean mayWait() {
    return mayWait;
  }

  boolean allows(Identity who, Right right, RoomName room) {
    boolean writing = right == Right.WRITE || right == Right.SIGNAL;
    return !(writing && room.reserved()) && authorizer.allows(who, right, room);
  }

  /**
   * Passes or refuses.
   *
   * @throws RefusedException with {@link ErrorCode#FORBIDDEN}
   */
  void require(Identity who, Right right, RoomName room) {
    if (!allows(who, right, room)) {
      throw new RefusedException(ErrorCode.FORBIDDEN);
    }
  }
}
