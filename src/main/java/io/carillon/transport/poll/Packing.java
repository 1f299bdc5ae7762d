package io.carillon.transport.poll;

import io.carillon.core.RefusedException;
import io.carillon.core.connection.Farewell;
import io.carillon.protocol.Message;
import java.util.List;

/** Framing of several messages in one body. Stateless and thread-safe. */
public interface Packing {
  /** The media type of a body. */
  String mediaType();

  /** The answer of a GET. */
  byte[] pack(List<Message> messages);

  /** The answer of a GET when the link is closed. */
  byte[] pack(Farewell farewell);

  /**
   * Reads the body of a POST.
   *
   * @throws RefusedException if it cannot be read
   */
  List<Message> unpack(byte[] body);
}
