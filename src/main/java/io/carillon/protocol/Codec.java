package io.carillon.protocol;

import io.carillon.core.Command;
import io.carillon.core.Delivery;
import io.carillon.core.Reply;
import io.carillon.core.connection.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection's side of a protocol. It may remember what the protocol asks it to: marks of
 * joins, numbers of answers, half of a message that comes in parts. A protocol that remembers
 * nothing has one codec for all connections.
 *
 * <p>{@link #opened} comes first; {@link #decode} is called for one message at a time, in order;
 * {@link #join} for one write at a time. {@link #encode} may come from any thread at any time. None
 * of them may block, but {@code encode} for the answer to what waits for a store by itself: a join,
 * a leave, a change of presence. What any of them throws closes the connection, but for a {@link
 * io.carillon.core.RefusedException} of {@link #decode}, which is a refusal of the message.
 */
public interface Codec {
  /**
   * The link that this codec belongs to; called once, before everything else.
   *
   * @param link for what the codec says or asks by itself
   */
  default void linked(LinkControl link) {}

  /**
   * The connection is open. What is said here goes out before everything else.
   *
   * @param welcome who it is, and how the connection is called
   */
  List<Decoded> opened(Delivery.Welcome welcome);

  /**
   * Reads one message of the peer. What cannot be read becomes an answer in its place, so that one
   * bad command of a batch spoils no other.
   *
   * @param message a whole message within {@link Protocol#maxMessage}
   * @return in the order of the message; empty: nothing is to be done, perhaps yet
   */
  List<Decoded> decode(Message message);

  /**
   * Encodes an answer.
   *
   * @param reply the answer; its mark is the command's, as {@link #decode} has set it
   * @param command what is answered; null: something that was no command
   * @return null: this protocol does not say so
   */
  @Nullable Frame encode(Reply reply, @Nullable Command command);

  /**
   * Whether the connection ends because of an answer; asked before {@link #encode}, on any thread.
   *
   * @param reply as for {@link #encode}
   * @param command as for {@link #encode}
   * @return how it ends; null: it goes on, as it always does where a refusal can be said
   */
  default Decoded.@Nullable Disconnect ends(Reply reply, @Nullable Command command) {
    return null;
  }

  /**
   * Puts frames that wait for the peer into as few messages as the protocol allows. What differs
   * from connection to connection is put in here: frames themselves may be shared.
   *
   * @param frames at least one, made by this codec or by its protocol's encoder
   * @return in order; empty: this peer is told nothing of it
   */
  List<Message> join(List<Frame> frames);
}
