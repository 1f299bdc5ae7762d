package io.carillon.protocol.socketio;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.json.JsonText;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Socket.IO packet (protocol revision 5), without Engine.IO's framing: {@code
 * <type>[<attachments>-][<namespace>,] [<ack id>][JSON]}.
 *
 * @param type packet type
 * @param attachments number of binary attachments that follow
 * @param namespace namespace with its slash; {@code /} if none was written
 * @param id acknowledgement id as it was written, or null
 * @param payload JSON, not checked yet, or null
 */
record SocketIoPacket(
    Type type, int attachments, String namespace, @Nullable String id, @Nullable String payload) {
  /** Main namespace, the default. */
  static final String MAIN = "/";

  /** Default maximum number of attachments of a packet, as in Socket.IO's own parser. */
  public static final int MAX_ATTACHMENTS = 10;

  /** Maximum number of elements of an event, its name included. */
  private static final int MAX_ELEMENTS = 64;

  private static final int ATTACHMENT_DIGITS = 4;

  /**
   * Maximum nesting of a packet: deeper than that of content, so that too deep content is answered.
   */
  private static final int MAX_DEPTH = 2 * JsonText.MAX_DEPTH;

  /**
   * Escaped backslashes and surrogate pairs in the group, or an unpaired surrogate outside of it.
   */
  private static final Pattern WHOLE_OR_HALF =
      Pattern.compile(
          "(\\\\\\\\|\\\\u[dD][89aAbB][0-9a-fA-F]{2}\\\\u[dD][c-fC-F][0-9a-fA-F]{2})"
              + "|\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}");

  private static final int MAX_NAMESPACE = 200;
  private static final int MAX_ID_DIGITS = 15;

  /** Packet types, in the order of their digits. */
  enum Type {
    /** Connection to a namespace. */
    CONNECT,
    /** Disconnection from a namespace. */
    DISCONNECT,
    /** Event. */
    EVENT,
    /** Acknowledgement of an event. */
    ACK,
    /** Refused connection to a namespace. */
    CONNECT_ERROR,
    /** Event with attachments. */
    BINARY_EVENT,
    /** Acknowledgement with attachments. */
    BINARY_ACK;

    private static final List<Type> ALL = List.of(values());

    /** Number of the type in a packet. */
    int number() {
      return ALL.indexOf(this);
    }

    /**
     * Type of this number.
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
   * Parses a packet of a client; the payload is not parsed.
   *
   * @param text text that holds the packet
   * @param from where the packet begins
   * @param maxAttachments maximum number of attachments
   * @throws RefusedException with {@link ErrorCode#BAD_FRAME} if it is not a packet
   */
  static SocketIoPacket read(String text, int from, int maxAttachments) {
    return parse(text, from, maxAttachments).checked();
  }

  /** Parses a packet, also one of a server. */
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
   * Checks that the packet is one of a client; the payload is not parsed.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_FRAME} if it is not
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
   * Elements of an event or an acknowledgement, as JSON texts.
   *
   * @throws RefusedException if the payload is not a JSON array, or has too many elements
   */
  List<String> elements() {
    return JsonText.elements(
        payload == null ? "[]" : payload, MAX_DEPTH, MAX_ELEMENTS, ErrorCode.BAD_FRAME);
  }

  /** Packet with a replacement character in place of each unpaired surrogate. */
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
   * Whether the payload is invalid only because of unpaired surrogates, which JavaScript writes as
   * escapes: the event is refused then, instead of the connection being closed.
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
