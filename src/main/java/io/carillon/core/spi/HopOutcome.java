package io.carillon.core.spi;

/** What became of a request that one instance handed to another. */
public enum HopOutcome {
  /** The other instance has answered. */
  ANSWERED("answered"),
  /** No live instance has the name, or it cannot be reached, or it went in the middle. */
  GONE("gone"),
  /** The other instance took too long. */
  LATE("late"),
  /** Not handed on: too many were under way. */
  FULL("full"),
  /** Refused: said to be handed on by an instance, and not sealed by any. */
  FORGED("forged");

  private final String word;

  HopOutcome(String word) {
    this.word = word;
  }

  /** Word for metrics. */
  public String word() {
    return word;
  }
}
