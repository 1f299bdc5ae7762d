package io.carillon.protocol.socketio;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.json.JsonText;
import java.util.List;
import java.util.regex.Matcher;
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

  /** Most attachments of one packet, where nothing else is set: as of the original's parser. */
  public static final int MAX_ATTACHMENTS = 10;

  /** Most elements of an event, its name included. */
  private static final int MAX_ELEMENTS = 64;

  private static final int ATTACHMENT_DIGITS = 4;

  /** An event is deeper than what is published by it, so that what is too deep gets its answer. */
  private static final int MAX_DEPTH = 2 * JsonText.MAX_DEPTH;

  /** Escaped backslashes and whole pairs are in the group, what is a half is not. */
  private static final Pattern WHOLE_OR_HALF =
      Pattern.compile(
          "(\\\\\\\\|\\\\u[dD][89aAbB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2})"
              + "|\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}");

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

    /** Its number. */
    int number() {
      return ALL.indexOf(this);
    }

    /**
     * The type of a number.
     *
     * @throws RefusedException if there is none
     */
    static Type of(int number) {
      if (number < 0 || number >= ALL.size()) {
        throw bad();
      }
      return ALL.get(number);
    }
  }

  /**
   * Reads a packet.
   *
   * @param text that holds it
   * @param from where it begins there
   * @param maxAttachments most attachments
   * @throws RefusedException with {@link ErrorCode#BAD_FRAME} if it is none; its payload was only
   *     looked at from outside
   */
  static SocketIoPacket read(String text, int from, int maxAttachments) {
    return parse(text, from, maxAttachments).checked();
  }

  /** Takes a packet apart that may be one of a server. */
  static SocketIoPacket parse(String text, int from, int maxAttachments) {
    int at = from;
    int digit = at < text.length() ? text.charAt(at) - '0' : -1;
    Type type = Type.of(digit);
    at++;
    int attachments = 0;
    if (type == Type.BINARY_EVENT || type == Type.BINARY_ACK) {
      int end = digits(text, at);
      if (end == at
          || end - at > ATTACHMENT_DIGITS
          || end >= text.length()
          || text.charAt(end) != '-') {
        throw bad();
      }
      attachments = Integer.parseInt(text, at, end, 10);
      at = end + 1;
      if (attachments > maxAttachments) {
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
    return new SocketIoPacket(type, attachments, namespace, id, payload);
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  /**
   * Checks the form of a packet, without looking into its payload.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_FRAME} if it is none of a client
   */
  SocketIoPacket checked() {
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

  /** The same packet, with a sign in place of each half of a character. */
  SocketIoPacket withoutHalves() {
    String whole =
        payload == null
            ? null
            : WHOLE_OR_HALF
                .matcher(payload)
                .replaceAll(
                    found ->
                        found.group(1) == null
                            ? "\ufffd"
                            : Matcher.quoteReplacement(found.group()));
    return new SocketIoPacket(type, attachments, namespace, id, whole);
  }

  /**
   * Whether its payload would be JSON of ours if it held no halves of characters, which JavaScript
   * writes as escapes: then it is refused, and not taken for something else.
   */
  boolean holdsHalfCharacters() {
    String whole = withoutHalves().payload;
    if (whole == null || whole.equals(payload)) {
      return false;
    }
    try {
      JsonText.check(whole, MAX_DEPTH, ErrorCode.BAD_FRAME);
      return true;
    } catch (RefusedException somethingElse) {
      return false;
    }
  }

  private static RefusedException bad() {
    return new RefusedException(ErrorCode.BAD_FRAME);
  }
}
