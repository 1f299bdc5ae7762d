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
 * Packing of messages separated by a record separator (U+001E): {@code t} and text, {@code b} and
 * bytes in base64, or {@code x} with the code and the reason of a close. Text must not contain the
 * separator.
 */
public final class SeparatedPacking implements Packing {
  private static final char SEPARATOR = 0x1e;

  /** Maximum number of messages in a body. */
  private static final int MOST = 1000;

  /** Creates the packing. */
  public SeparatedPacking() {}

  @Override
  public String mediaType() {
    return "text/plain;charset=UTF-8";
  }

  @Override
  public byte[] pack(List<Message> messages) {
    StringBuilder out = new StringBuilder();
    for (Message message : messages) {
      if (!out.isEmpty()) {
        out.append(SEPARATOR);
      }
      switch (message) {
        case Message.Text text -> out.append('t').append(text.text());
        case Message.Bytes bytes ->
            out.append('b').append(Base64.getEncoder().encodeToString(bytes.bytes()));
      }
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] pack(Farewell farewell) {
    return ("x" + farewell.code() + ' ' + farewell.reason()).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public List<Message> unpack(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    List<Message> messages = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf(SEPARATOR, from);
      int to = end < 0 ? text.length() : end;
      if (messages.size() == MOST) {
        throw new RefusedException(ErrorCode.TOO_LARGE);
      }
      messages.add(message(text, from, to));
      from = to + 1;
    }
    return messages;
  }

  private static Message message(String text, int from, int to) {
    char kind = from < to ? text.charAt(from) : SEPARATOR;
    String content = from < to ? text.substring(from + 1, to) : "";
    return switch (kind) {
      case 't' -> new Message.Text(content);
      case 'b' -> bytes(content);
      default -> throw new RefusedException(ErrorCode.BAD_FRAME);
    };
  }

  private static Message bytes(String base64) {
    try {
      return new Message.Bytes(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException notBase64) {
      throw new RefusedException(ErrorCode.BAD_FRAME);
    }
  }
}
