package io.carillon.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An answer to one {@link Command}; {@code ref} is the command's, as raw JSON text. */
public sealed interface Reply {
  /** The mark of the command that is answered, as raw JSON text, or null. */
  @Nullable String ref();

  /** Done, nothing more to say. */
  record Done(@Nullable String ref) implements Reply {}

  /** The room is joined. */
  record JoinedRoom(@Nullable String ref, Joined joined) implements Reply {}

  /** The event is in the log. */
  record Published(@Nullable String ref, String epoch, long seq, String id, boolean duplicate)
      implements Reply {}

  /** A page of members. */
  record MemberList(@Nullable String ref, MembersPage page) implements Reply {}

  /** A page of the log. */
  record HistoryList(@Nullable String ref, HistoryPage page) implements Reply {}

  /** The new token is taken. */
  record Authenticated(@Nullable String ref, @Nullable Instant expires) implements Reply {}

  /** The answer to a ping. */
  record PingAnswered(@Nullable String ref) implements Reply {}

  /** Not done. */
  record Refused(@Nullable String ref, Rejection rejection) implements Reply {}
}
