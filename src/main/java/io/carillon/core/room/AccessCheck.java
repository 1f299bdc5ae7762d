package io.carillon.core.room;

import io.carillon.core.ErrorCode;
import io.carillon.core.Identity;
import io.carillon.core.RefusedException;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.limit.Limit;
import io.carillon.core.limit.Limits;
import io.carillon.core.spi.Authorizer;

/** Access check of rooms. A missing room and a forbidden one are refused alike. */
final class AccessCheck {
  /** Where operators see each other: who they are is for operators alone. */
  private static final RoomName OPERATORS = new RoomName(RoomName.RESERVED_NAMESPACE + ":console");

  private final Authorizer authorizer;
  private final boolean mayWait;
  private final UserActs acts;
  private final Limits limits;

  AccessCheck(Authorizer authorizer, UserActs acts, Limits limits) {
    this.limits = limits;
    this.authorizer = authorizer;
    this.acts = acts;
    this.mayWait = authorizer.mayWait();
  }

  /** Whether a check may block. */
  boolean mayWait() {
    return mayWait;
  }

  boolean allows(Identity who, Right right, RoomName room) {
    boolean writing = right == Right.WRITE || right == Right.SIGNAL;
    return !(writing && room.reserved())
        && authorizer.allows(who, right, room)
        && (!room.equals(OPERATORS) || authorizer.allows(who, Right.ADMIN, room));
  }

  /**
   * Requires a right in a room.
   *
   * @throws RefusedException with {@link ErrorCode#FORBIDDEN}
   */
  void require(Identity who, Right right, RoomName room) {
    if (!allows(who, right, room)) {
      acts.refused(who.user(), room, right.word(), ErrorCode.FORBIDDEN.code());
      throw new RefusedException(ErrorCode.FORBIDDEN);
    }
  }

  /**
   * Requires a right in a room, and takes one from the room's own rate of what the right is for;
   * nobody without the right can use that up.
   *
   * @throws RefusedException with {@link ErrorCode#FORBIDDEN} or {@link ErrorCode#RATE}
   */
  void charge(Identity who, Right right, Limit limit, RoomName room) {
    require(who, right, room);
    limits.take(limit, room, who);
  }
}
