package io.carillon.transport.poll;

import io.carillon.core.RefusedException;
import io.carillon.protocol.Message;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of an Engine.IO POST.
 *
 * @param messages messages before a close packet, in order
 * @param closes whether a close packet follows them
 */
record EngineBody(List<Message> messages, boolean closes) {
  private static final EngineBody NONE = new EngineBody(List.of(), false);

  /** Types of packets that clients send: close, pong, message, noop. */
  private static final String TYPES = "1346";

  /**
   * Reads the body of a request; blocks.
   *
   * @param bound maximum size in bytes
   * @return null: it is larger
   */
  static @Nullable EngineBody read(HttpServletRequest request, Packing packing, int bound)
      throws IOException {
    if (request.getContentLengthLong() > bound) {
      return null;
    }
    try (InputStream in = request.getInputStream()) {
      byte[] body = in.readNBytes(bound + 1);
      return body.length > bound ? null : of(request.getContentType(), body, packing);
    }
  }

  private static EngineBody of(@Nullable String type, byte[] body, Packing packing) {
    if (type != null && type.startsWith("application/octet-stream")) {
      return NONE;
    }
    try {
      return of(packing.unpack(body));
    } catch (RefusedException notUnderstood) {
      return NONE;
    }
  }

  /** Body of these packets; not understood as a whole if the type of one is unknown. */
  static EngineBody of(List<Message> messages) {
    if (!messages.stream().allMatch(EngineBody::isKnown)) {
      return NONE;
    }
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i) instanceof Message.Text text && text.text().equals(EnginePacking.CLOSE)) {
        return new EngineBody(messages.subList(0, i), true);
      }
    }
    return new EngineBody(messages, false);
  }

  private static boolean isKnown(Message message) {
    return !(message instanceof Message.Text text) || TYPES.indexOf(text.text().charAt(0)) >= 0;
  }

  /** Whether the body has any valid packet. */
  boolean understood() {
    return closes || !messages.isEmpty();
  }
}
