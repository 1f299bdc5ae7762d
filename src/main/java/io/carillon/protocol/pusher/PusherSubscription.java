package io.carillon.protocol.pusher;

import io.carillon.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Subscription of one connection to one channel. In a presence channel, messages are held until the
 * member list is out, which the client takes for the confirmation. For the writing thread alone,
 * except for the flags.
 */
final class PusherSubscription {
  /** Maximum number of held messages; beyond it the oldest goes out early. */
  private static final int MOST_HELD = 256;

  final PusherChannel channel;

  /** Member name in a presence channel; null in others. */
  final @Nullable String user;

  /** Whether the member list is not out yet. */
  volatile boolean waits;

  /** Whether a cache miss is still to be sent: the channel had no event at the subscription. */
  volatile boolean missed;

  private final List<Message> held = new ArrayList<>();

  PusherSubscription(PusherChannel channel, @Nullable String user) {
    this.channel = channel;
    this.user = user;
    this.waits = channel.isPresence();
  }

  /** Sends a message, or holds it until the member list is out. */
  void tell(Message message, List<Message> out) {
    if (!waits) {
      out.add(message);
      return;
    }
    held.add(message);
    if (held.size() > MOST_HELD) {
      out.add(held.removeFirst());
    }
  }

  /** Sends the member list, then all held messages. */
  void tellMembers(Message members, List<Message> out) {
    out.add(members);
    if (missed) {
      missed = false;
      out.add(PusherFrames.cacheMiss(channel.name()));
    }
    waits = false;
    out.addAll(held);
    held.clear();
  }
}
