package io.carillon.transport.poll;

import io.carillon.core.RefusedException;
import io.carillon.core.connection.Farewell;
import io.carillon.protocol.Message;
import java.util.List;

/** Framing of several messages in one body. Stateless and thread-safe. */
public interface Packing {
  /** Media type of a body. */
  String mediaType();

  /** Body of the answer to a GET. */
  byte[] pack(List<Message> messages);

  /** Body of the answer to a GET after the link was closed. */
  byte[] pack(Farewell farewell);

  /**
   * Parses the body of a POST.
   *
   * @throws RefusedException if it is malformed
   */
  List<Message> unpack(byte[] body);
}
