package io.carillon.protocol;

import io.carillon.core.connection.Frame;
import io.carillon.core.json.JsonText;

/**
 * One whole message of a two-way carrier, in or out: text or bytes. It is a frame too, so that a
 * frame that is a message as it stands goes out without another object. Immutable, shared between
 * connections.
 */
public sealed interface Message extends Frame {
  /** A message of text. Its size is counted once, for all who get it. */
  final class Text implements Message {
    private final String text;

    /** Bytes in UTF-8; 0: not counted yet, by any thread with the same result. */
    private int size;

    /** Takes the text. */
    public Text(String text) {
      this.text = text;
    }

    /**
     * Takes a text of known size.
     *
     * @param size its bytes in UTF-8
     */
    public Text(String text, int size) {
      this.text = text;
      this.size = size;
    }

    /** The text. */
    public String text() {
      return text;
    }

    @Override
    public int size() {
      int known = size;
      if (known == 0) {
        known = JsonText.utf8Length(text);
        size = known;
      }
      return known;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** A message of bytes. */
  final class Bytes implements Message {
    private final byte[] bytes;

    /**
     * Takes the bytes.
     *
     * @param bytes not copied: shared, never changed from now on
     */
    public Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    /** The bytes, not copied: never to be changed. */
    public byte[] bytes() {
      return bytes;
    }

    @Override
    public int size() {
      return bytes.length;
    }

    @Override
    public String toString() {
      return bytes.length + " bytes";
    }
  }
}
