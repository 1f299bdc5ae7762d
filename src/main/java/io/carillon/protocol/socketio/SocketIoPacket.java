package io.carillon.protocol.socketio;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.json.JsonText;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One packet of Socket.IO 5, without what carries it: {@code <type>[<attachments>-][<namespace>,]
 * [<ack id>][JSON]}.
 *
 * @param type what it is
 * @param attachments how many messages of bytes follow it
 * @param namespace with its slash; {@code /} where none was written
 * @param id number of the acknowledgement as it was written, or null
 * @param payload JSON, not checked yet, or null
 */
record SocketIoPacket(
    Type type, int attachments, String namespace, @Nullable String id, @Nullable String payload) {
  /** The namespace that goes without saying. */
  static final String MAIN = "/";

  /** Most attachments of one packet. */
  static final int MAX_ATTACHMENTS = 10;

  /** Most elements of an event, its name included. */
  private static final int MAX_ELEMENTS = 64;

  /** An event is deeper than what is published by it, so that what is too deep gets its answer. */
  private static final int MAX_DEPTH = 2 * JsonText.MAX_DEPTH;

  private static final Pattern HALF = Pattern.compile("\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}");
  private static final int MAX_NAMESPACE = 200;
  private static final int MAX_ID_DIGITS = 15;

  /** The kinds of packets, in the order of their digits. */
  enum Type {
    /** Enter a namespace. */
    CONNECT,
    /** Leave it. */
    DISCONNECT,
    /** An event. */
    EVENT,
    /** The answer to an event. */
    ACK,
    /** A namespace that cannot be entered. */
    CONNECT_ERROR,
    /** An event with attachments. */
    BINARY_EVENT,
    /** An answer with attachments. */
    BINARY_ACK;

    private static final List<Type> ALL = List.of(values());
  }

  /**
   * Reads a packet.
   *
   * @param text that holds it
   * @param from where it begins there
   * @throws RefusedException with {@link ErrorCode#BAD_FRAME} if it is none; its payload was only
   *     looked at from outside
   */
  static SocketIoPacket read(String text, int from) {
    int at = from;
    int digit = at < text.length() ? text.charAt(at) - '0' : -1;
    if (digit < 0 || digit >= Type.ALL.size()) {
      throw bad();
    }
    Type type = Type.ALL.get(digit);
    at++;
    int attachments = 0;
    if (type == Type.BINARY_EVENT || type == Type.BINARY_ACK) {
      int end = digits(text, at);
      if (end == at || end - at > 2 || end >= text.length() || text.charAt(end) != '-') {
        throw bad();
      }
      attachments = Integer.parseInt(text, at, end, 10);
      at = end + 1;
      if (attachments > MAX_ATTACHMENTS) {
        throw bad();
      }
    }
    String namespace = MAIN;
    if (at < text.length() && text.charAt(at) == '/') {
      int comma = text.indexOf(',', at);
      int end = comma < 0 ? text.length() : comma;
      namespace = text.substring(at, end);
      at = Math.min(text.length(), end + 1);
      if (namespace.length() > MAX_NAMESPACE) {
        throw bad();
      }
    }
    int end = digits(text, at);
    if (end - at > MAX_ID_DIGITS) {
      throw bad();
    }
    String id = end == at ? null : text.substring(at, end);
    String payload = end == text.length() ? null : text.substring(end);
    return new SocketIoPacket(type, attachments, namespace, id, payload).checked();
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  private SocketIoPacket checked() {
    boolean good =
        switch (type) {
          case CONNECT -> payload == null || JsonText.isObject(payload);
          case DISCONNECT -> payload == null;
          case EVENT, BINARY_EVENT, ACK, BINARY_ACK -> payload != null && payload.charAt(0) == '[';
          case CONNECT_ERROR -> false;
        };
    if (!good) {
      throw bad();
    }
    return this;
  }

  /**
   * The elements of an event or of an answer, as JSON texts.
   *
   * @throws RefusedException if they are no JSON, or too many
   */
  List<String> elements() {
    return JsonText.elements(
        payload == null ? "[]" : payload, MAX_DEPTH, MAX_ELEMENTS, ErrorCode.BAD_FRAME);
  }

  /**
   * Whether its payload would be JSON of ours if it held no halves of characters, which JavaScript
   * writes as escapes: then it is refused, and not taken for something else.
   */
  boolean holdsHalfCharacters() {
    if (payload == null || !HALF.matcher(payload).find()) {
      return false;
    }
    try {
      JsonText.check(HALF.matcher(payload).replaceAll("x"), MAX_DEPTH, ErrorCode.BAD_FRAME);
      return true;
    } catch (RefusedException somethingElse) {
      return false;
    }
  }

  private static RefusedException bad() {
    return new RefusedException(ErrorCode.BAD_FRAME);
  }
}
