package io.carillon.security;

/**
 * Reason why a token is refused, for tests and debug logs, never for a peer. Without a stack trace.
 */
final class BadTokenException extends Exception {
  private static final long serialVersionUID = 1L;

  BadTokenException(String why) {
    super(why, null, false, false);
  }
}
