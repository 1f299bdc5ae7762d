package io.carillon.protocol;

import io.carillon.core.connection.Frame;

/**
 * One message of a protocol over a two-way carrier.
 *
 * @param text the message
 */
public record TextFrame(String text) implements Frame {
  @Override
  public int size() {
    return text.length();
  }
}
