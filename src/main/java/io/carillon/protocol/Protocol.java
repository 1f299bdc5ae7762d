package io.carillon.protocol;

import io.carillon.core.Command;
import io.carillon.core.Reply;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameEncoder;
import java.util.List;

/**
 * A message protocol over a two-way carrier, for instance {@code carillon.v1} over WebSocket.
 * Stateless and thread-safe.
 */
public interface Protocol {
  /** The name as a WebSocket sub-protocol. */
  String name();

  /** The one encoder of this protocol; its frames are {@link TextFrame}s. */
  FrameEncoder encoder();

  /**
   * Reads one message of the peer. What cannot be read becomes an answer in its place, so that one
   * bad command of a batch spoils no other.
   *
   * @param message a whole text message, within the frame limit
   * @return in the order of the message
   */
  List<Decoded> decode(String message);

  /**
   * Puts frames that wait for one peer into as few messages as the protocol allows.
   *
   * @param frames at least one, made by this protocol's encoder
   * @return at least one message, in order
   */
  List<String> join(List<Frame> frames);

  /** One part of a message. */
  sealed interface Decoded {
    /** A command. */
    record Asked(Command command) implements Decoded {}

    /** Something that is none, and the answer to it. */
    record Refused(Reply.Refused reply) implements Decoded {}
  }
}
