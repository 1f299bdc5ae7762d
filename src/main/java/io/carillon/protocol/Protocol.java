package io.carillon.protocol;

import io.carillon.core.Command;
import io.carillon.core.Reply;
import io.carillon.core.connection.FrameEncoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message protocol over a two-way carrier, for instance {@code carillon.v1} over WebSocket. */
public interface Protocol {
  /** The name as a WebSocket sub-protocol. */
  String name();

  /** The one encoder of this protocol. */
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
   * One part of a message: a command, or the answer to something that is none.
   *
   * @param command what was asked, or null
   * @param refusal what to answer instead, or null; exactly one of the two is given
   */
  record Decoded(@Nullable Command command, Reply.@Nullable Refused refusal) {}
}
