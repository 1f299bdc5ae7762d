package io.carillon.transport.websocket;

import io.carillon.core.json.JsonText;

/** Cuts a message into parts, between two characters. */
final class MessageParts {
  /** How many bytes of UTF-8 a {@code char} takes at the most. */
  private static final int WIDEST = 3;

  private MessageParts() {}

  /**
   * Where a part ends that begins at {@code from} and takes at most {@code bytes}.
   *
   * @param bytes at least six
   */
  static int end(String message, int from, int bytes) {
    if (message.length() - from <= bytes && size(message.substring(from)) <= bytes) {
      return message.length();
    }
    int end = Math.min(message.length(), from + bytes / WIDEST);
    boolean cutsPair = end < message.length() && Character.isLowSurrogate(message.charAt(end));
    return cutsPair ? end - 1 : end;
  }

  /** Its bytes. */
  static int size(String part) {
    return JsonText.utf8Length(part);
  }
}
