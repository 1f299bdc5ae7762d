package io.carillon.backplane.postgres;

import io.carillon.core.RoomName;

/** One item of a notification's payload. */
sealed interface Item {
  /** A room's log has reached at least this position. */
  record LogPosition(RoomName room, String epoch, long seq) implements Item {}

  /** A room's members have reached at least this revision. */
  record PresenceRevision(RoomName room, long revision) implements Item {}

  /** A sealed signal, as base64url. */
  record InlineSignal(String sealed) implements Item {}

  /** A sealed signal that lies in {@code carillon.signal_large}. */
  record LargeSignal(String id) implements Item {}

  /** Returns to its sender: proof that notifications arrive. */
  record Nonce(String value) implements Item {}

  /** More positions changed than are listed: compare everything. */
  record Everything() implements Item {}
}
