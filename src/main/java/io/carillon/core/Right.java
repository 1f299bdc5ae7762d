package io.carillon.core;

import java.util.Locale;

/** Permission in a room that a credential can grant. */
public enum Right {
  /** Join, stream, history, room and members. */
  READ,
  /** Publish. */
  WRITE,
  /** Send signals. */
  SIGNAL,
  /** Follow the members and be one. */
  PRESENCE,
  /** Kick, revoke, console. */
  ADMIN;

  /** The word in the {@code carillon} claim. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
