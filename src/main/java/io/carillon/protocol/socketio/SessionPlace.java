package io.carillon.protocol.socketio;

import io.carillon.core.Command.PresenceMode;
import io.carillon.core.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * Room of a session: its number in the session, the position at which it was joined, and the
 * position that the client has reached. Guarded by the lock of {@link SessionPlaces}.
 */
final class SessionPlace {
  /** Separator before a room in an offset. */
  static final char BEGIN = '_';

  /** Separator between the parts of a room in an offset. */
  static final char PART = '.';

  /** Radix of the numbers in an offset. */
  static final int BASE = 36;

  final int number;
  final Cursor joined;
  @Nullable String presence;
  Cursor told;

  /**
   * Creates a room of which the client has got nothing yet.
   *
   * @param presence as {@link #written} has it
   */
  SessionPlace(int number, Cursor joined, @Nullable String presence) {
    this.number = number;
    this.joined = joined;
    this.presence = presence;
    this.told = joined;
  }

  /** Appends the client's progress since the join to an offset, if there is any. */
  void append(StringBuilder out) {
    if (!told.equals(joined)) {
      out.append(BEGIN).append(Integer.toString(number, BASE));
      out.append(PART).append(Long.toString(told.seq(), BASE));
      if (!told.epoch().equals(joined.epoch())) {
        out.append(PART).append(told.epoch());
      }
    }
  }

  /** Presence mode of the session in the room. */
  PresenceMode mode() {
    String state = presence;
    if (state == null) {
      return PresenceMode.NONE;
    }
    return state.isEmpty() ? PresenceMode.FOLLOW : new PresenceMode.FollowAndTrack(state);
  }

  /** Stored form of a presence mode: null for none, empty for a follower, else a member's state. */
  static @Nullable String written(PresenceMode presence) {
    return switch (presence) {
      case PresenceMode.None none -> null;
      case PresenceMode.Follow follow -> "";
      case PresenceMode.FollowAndTrack track -> track.state();
    };
  }
}
