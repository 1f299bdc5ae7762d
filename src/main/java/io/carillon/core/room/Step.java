package io.carillon.core.room;

/** How it goes on with a reader that is not live. */
sealed interface Step {
  /** Not at all: it is live now, or has ended. */
  record Over() implements Step {}

  /** At once. */
  record Again() implements Step {}

  /** When its outbox has drained. */
  record Full() implements Step {}

  /** With the log's events after this. */
  record Read(long after) implements Step {}

  /** When the room has caught up with this position, which the log has. */
  record CatchUp(long seq, long generation) implements Step {}

  /** After a fresh look at the head, for what was read is of another epoch than the room. */
  record Suspect() implements Step {}
}
