package io.carillon.protocol.socketio;

import io.carillon.core.Command.PresenceMode;
import io.carillon.core.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * Room of a session: its number there, where it was joined, and up to where the client was told.
 * Guarded by the lock of {@link SessionPlaces}.
 */
final class SessionPlace {
  /** Begins a room in an offset. */
  static final char BEGIN = '_';

  /** Begins the next part of a room in an offset. */
  static final char PART = '.';

  /** Of the numbers in an offset. */
  static final int BASE = 36;

  final int number;
  final Cursor joined;
  @Nullable String presence;
  Cursor told;

  /**
   * Creates a room of which the client was told nothing yet.
   *
   * @param presence as {@link #written} has it
   */
  SessionPlace(int number, Cursor joined, @Nullable String presence) {
    this.number = number;
    this.joined = joined;
    this.presence = presence;
    this.told = joined;
  }

  /** Adds to an offset how far the client is beyond where it joined, if it is. */
  void append(StringBuilder out) {
    if (!told.equals(joined)) {
      out.append(BEGIN).append(Integer.toString(number, BASE));
      out.append(PART).append(Long.toString(told.seq(), BASE));
      if (!told.epoch().equals(joined.epoch())) {
        out.append(PART).append(told.epoch());
      }
    }
  }

  /** How the session takes part in the room's presence. */
  PresenceMode mode() {
    String state = presence;
    if (state == null) {
      return PresenceMode.NONE;
    }
    return state.isEmpty() ? PresenceMode.FOLLOW : new PresenceMode.FollowAndTrack(state);
  }

  /** What is stored of a mode: null for none, nothing for a follower, a member's state. */
  static @Nullable String written(PresenceMode presence) {
    return switch (presence) {
      case PresenceMode.None none -> null;
      case PresenceMode.Follow follow -> "";
      case PresenceMode.FollowAndTrack track -> track.state();
    };
  }
}
