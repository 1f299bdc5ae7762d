package io.carillon.transport.poll;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.connection.Farewell;
import io.carillon.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Packing of Engine.IO 4: packets separated by a record separator (U+001E); text as it is, bytes as
 * {@code b} and base64.
 */
public final class EnginePacking implements Packing {
  /** Packet that closes a session. */
  static final String CLOSE = "1";

  /** Packet without content, which ends the wait of a GET. */
  static final String NOOP = "6";

  private static final char SEPARATOR = 0x1e;

  /** Maximum number of packets in a body. */
  private static final int MOST = 1000;

  /** Creates the packing. */
  public EnginePacking() {}

  @Override
  public String mediaType() {
    return "text/plain; charset=UTF-8";
  }

  @Override
  public byte[] pack(List<Message> messages) {
    if (messages.isEmpty()) {
      return NOOP.getBytes(StandardCharsets.US_ASCII);
    }
    StringBuilder out = new StringBuilder();
    for (Message message : messages) {
      if (!out.isEmpty()) {
        out.append(SEPARATOR);
      }
      switch (message) {
        case Message.Text text -> out.append(text.text());
        case Message.Bytes bytes ->
            out.append('b').append(Base64.getEncoder().encodeToString(bytes.bytes()));
      }
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] pack(Farewell farewell) {
    return CLOSE.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public List<Message> unpack(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    List<Message> messages = new ArrayList<>();
    int from = 0;
    while (from <= text.length()) {
      int end = text.indexOf(SEPARATOR, from);
      int to = end < 0 ? text.length() : end;
      if (from == to || messages.size() == MOST) {
        throw new RefusedException(ErrorCode.BAD_FRAME);
      }
      messages.add(message(text, from, to));
      from = to + 1;
    }
    return messages;
  }

  private static Message message(String text, int from, int to) {
    if (text.charAt(from) != 'b') {
      return new Message.Text(text.substring(from, to));
    }
    try {
      return new Message.Bytes(Base64.getDecoder().decode(text.substring(from + 1, to)));
    } catch (IllegalArgumentException notBase64) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
  }
}
