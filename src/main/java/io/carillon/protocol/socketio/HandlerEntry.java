package io.carillon.protocol.socketio;

import io.carillon.socketio.NamespaceHandler;

/**
 * A bean that handles a namespace.
 *
 * @param pattern the namespace's name; with {@code *} at its end, how the names begin
 * @param anonymous whether it takes clients without a credential
 */
public record HandlerEntry(String pattern, boolean anonymous, NamespaceHandler handler) {
  /**
   * Checks the pattern.
   *
   * @throws IllegalArgumentException if no namespace can have such a name
   */
  public HandlerEntry {
    int star = pattern.indexOf('*');
    boolean good = pattern.startsWith("/") && pattern.indexOf(',') < 0 && pattern.indexOf('?') < 0;
    if (!good || (star >= 0 && star < pattern.length() - 1)) {
      throw new IllegalArgumentException("not the name of a namespace: " + pattern);
    }
  }

  private boolean isPrefix() {
    return pattern.endsWith("*");
  }

  /** How well a name fits: the highest value wins; negative: not at all. */
  int fits(String namespace) {
    int length = pattern.length();
    if (isPrefix()) {
      return namespace.startsWith(pattern.substring(0, length - 1)) ? length - 1 : -1;
    }
    return namespace.equals(pattern) ? Integer.MAX_VALUE : -1;
  }
}
