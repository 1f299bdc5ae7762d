package io.carillon.core;

/** What counts as one member for a follower of presence. */
public enum MembersBy {
  /** A user, folded over all of the user's connections: {@link Member}. */
  USER,
  /** A connection: {@link MemberConnection}. */
  CONNECTION
}
