package io.carillon.protocol;

import io.carillon.core.connection.Frame;
import io.carillon.core.json.JsonText;

/**
 * One message of a protocol over a two-way carrier.
 *
 * @param text the message
 * @param size its bytes in UTF-8, counted once for all who get it
 */
public record TextFrame(String text, int size) implements Frame {
  /** Counts the bytes. */
  public TextFrame(String text) {
    this(text, JsonText.utf8Length(text));
  }
}
