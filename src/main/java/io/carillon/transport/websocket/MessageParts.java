package io.carillon.transport.websocket;

import io.carillon.core.json.JsonText;

/** Division of a text message into parts, between characters. Stateless. */
final class MessageParts {
  /** Maximum number of UTF-8 bytes of a {@code char}. */
  private static final int WIDEST = 3;

  private MessageParts() {}

  /**
   * End of the part that begins at {@code from}.
   *
   * @param bytes maximum size of the part in UTF-8; at least six
   */
  static int end(String message, int from, int bytes) {
    if (message.length() - from <= bytes && size(message.substring(from)) <= bytes) {
      return message.length();
    }
    int end = Math.min(message.length(), from + bytes / WIDEST);
    boolean cutsPair = end < message.length() && Character.isLowSurrogate(message.charAt(end));
    return cutsPair ? end - 1 : end;
  }

  /** Size of a part in UTF-8 bytes. */
  static int size(String part) {
    return JsonText.utf8Length(part);
  }
}
