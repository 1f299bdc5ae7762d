package io.carillon.core.room;

/** Next step of a reader that is not live. */
sealed interface Step {
  /** None: the reader is live now, or has ended. */
  record Over() implements Step {}

  /** At once. */
  record Again() implements Step {}

  /** Wait until its send queue has space. */
  record Full() implements Step {}

  /** Read the log after this position. */
  record Read(long after) implements Step {}

  /** Wait until the room has caught up with this position of the log. */
  record CatchUp(long seq, long generation) implements Step {}

  /** Read the head afresh: the page is of another epoch than the room. */
  record Suspect() implements Step {}
}
