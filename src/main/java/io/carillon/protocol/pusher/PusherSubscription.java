package io.carillon.protocol.pusher;

import io.carillon.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection's subscription of a channel. In a presence channel what is told waits until the
 * members were told, which is what the client takes for the success of its subscription. For the
 * one thread that writes, but for the flags.
 */
final class PusherSubscription {
  /** So much waits for the members at the most. */
  private static final int MOST_HELD = 256;

  final PusherChannel channel;

  /** The member's name in a presence channel; null elsewhere. */
  final @Nullable String user;

  /** Whether the members were not told yet. */
  volatile boolean waits;

  /** Whether the channel had no event to begin with, which is still to be told. */
  volatile boolean missed;

  private final List<Message> held = new ArrayList<>();

  PusherSubscription(PusherChannel channel, @Nullable String user) {
    this.channel = channel;
    this.user = user;
    this.waits = channel.isPresence();
  }

  /** Tells something, now or behind the members. */
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

  /** Tells the members and all that waits for them. */
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
