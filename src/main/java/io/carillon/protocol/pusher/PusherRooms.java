package io.carillon.protocol.pusher;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.Content;
import io.carillon.core.ErrorCode;
import io.carillon.core.EventName;
import io.carillon.core.Joined;
import io.carillon.core.RefusedException;
import io.carillon.core.Reply;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.connection.Frame;
import io.carillon.core.json.JsonFields;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.json.Payload;
import io.carillon.core.spi.GuestApp;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions and user of one Pusher connection. One thread at a time decodes messages, one
 * writes them; {@link #answer} is for any thread.
 */
final class PusherRooms {
  private static final String CLIENT = "client-";
  private static final int UNAUTHORIZED = 401;
  private static final int TOO_MANY_WATCHED = 4302;

  private final PusherHooks hooks;
  private final String socketId;
  private final Map<RoomName, PusherSubscription> subscriptions = new ConcurrentHashMap<>();
  private final Map<RoomName, Boolean> watched = new ConcurrentHashMap<>();
  private volatile GuestApp app;
  private volatile @Nullable PusherUser user;

  PusherRooms(GuestApp app, PusherHooks hooks, String socketId) {
    this.app = app;
    this.hooks = hooks;
    this.socketId = socketId;
  }

  GuestApp app() {
    return app;
  }

  /** Applies changed settings of the application; the signed-in user stays. */
  Decoded renew(GuestApp changed) {
    app = changed;
    return identified();
  }

  private Decoded identified() {
    PusherUser known = user;
    return new Decoded.Identified(app.identity(known == null ? app.name() : app.name(known.id())));
  }

  List<Decoded> subscribe(JsonFields data) {
    String name = data.requiredString("channel");
    PusherChannel channel;
    RoomName room;
    try {
      channel = new PusherChannel(name);
      room = channel.room(app.namespace());
    } catch (RefusedException badName) {
      return refuse(name, "Invalid channel name", badName.rejection().code().status());
    }
    PusherUser known = user;
    if (channel.isUser()) {
      return known != null && known.id().equals(channel.user())
          ? join(channel, room, null, Command.PresenceMode.NONE)
          : refuse(name, "Sign in as this user first", UNAUTHORIZED);
    }
    String channelData = data.string("channel_data");
    if (channel.isSigned()) {
      String given = data.string("auth");
      String good = PusherSignature.channel(app, socketId, name, channelData);
      if (given == null || !PusherSignature.same(good, given)) {
        return refuse(name, "The signature of the subscription is not valid", UNAUTHORIZED);
      }
    }
    if (!channel.isPresence()) {
      return join(channel, room, null, Command.PresenceMode.NONE);
    }
    PusherUser member = channelData == null ? known : PusherUser.member(channelData);
    return member == null
        ? refuse(name, "channel_data is missing", UNAUTHORIZED)
        : join(
            channel,
            room,
            member.id(),
            new Command.PresenceMode.FollowAndTrack(member.state(), member.id()));
  }

  private List<Decoded> join(
      PusherChannel channel, RoomName room, @Nullable String as, Command.PresenceMode mode) {
    if (as == null && subscriptions.containsKey(room)) {
      return List.of(new Decoded.Said(PusherFrames.subscribed(channel.name())));
    }
    subscriptions.put(room, new PusherSubscription(channel, as));
    int last = channel.isCache() ? 1 : 0;
    return List.of(new Decoded.Asked(new Command.Join(null, room, null, last, mode, true, false)));
  }

  private static List<Decoded> refuse(String channel, String words, int status) {
    return List.of(
        new Decoded.Said(PusherFrames.notSubscribed(channel, "AuthError", words, status)));
  }

  List<Decoded> unsubscribe(JsonFields data) {
    RoomName room;
    try {
      room = new PusherChannel(data.requiredString("channel")).room(app.namespace());
    } catch (RefusedException neverSubscribed) {
      return List.of();
    }
    return subscriptions.remove(room) == null
        ? List.of()
        : List.of(new Decoded.Asked(new Command.Leave(null, room)));
  }

  List<Decoded> signIn(JsonFields data) {
    String userData = data.requiredString("user_data");
    String given = data.string("auth");
    String good = PusherSignature.user(app, socketId, userData);
    if (given == null || !PusherSignature.same(good, given)) {
      return List.of(new Decoded.Disconnect(CloseCode.UNAUTHENTICATED, "signin"));
    }
    PusherUser signedIn = PusherUser.signedIn(userData);
    PusherUser known = user;
    if (known != null && !known.id().equals(signedIn.id())) {
      return PusherCodec.error(0, "Already signed in as another user");
    }
    List<Decoded> watching = watching(signedIn);
    user = signedIn;
    List<Decoded> parts = new ArrayList<>(watching.size() + 2);
    parts.add(identified());
    parts.add(new Decoded.Said(PusherFrames.signedIn(userData)));
    parts.addAll(watching);
    return parts;
  }

  /**
   * Joins that make a user visible and follow its watchlist.
   *
   * @throws RefusedException if a name on it is too long for a room
   */
  private List<Decoded> watching(PusherUser signedIn) {
    List<Decoded> parts = new ArrayList<>();
    if (app.rights().contains(Right.PRESENCE)) {
      parts.add(watch(signedIn.id(), new Command.PresenceMode.FollowAndTrack("{}", signedIn.id())));
      if (signedIn.watched().size() > PusherUser.MOST_WATCHED) {
        parts.addAll(PusherCodec.error(TOO_MANY_WATCHED, "Too many users in the watchlist"));
      } else {
        signedIn.watched().stream()
            .filter(other -> !other.equals(signedIn.id()))
            .forEach(other -> parts.add(watch(other, Command.PresenceMode.FOLLOW)));
      }
    }
    return parts;
  }

  private Decoded watch(String other, Command.PresenceMode mode) {
    RoomName room = PusherChannel.online(app.namespace(), other);
    return new Decoded.Asked(new Command.Join(null, room, null, 0, mode, false, false));
  }

  List<Decoded> clientEvent(String event, JsonFields fields) {
    if (!event.startsWith(CLIENT)) {
      return PusherCodec.error(0, "No such event; client events begin with client-");
    }
    try {
      PusherChannel channel = new PusherChannel(fields.requiredString("channel"));
      RoomName room = channel.room(app.namespace());
      PusherSubscription subscription = subscriptions.get(room);
      String data = fields.raw("data");
      if (subscription == null || !channel.isSigned() || channel.isEncrypted()) {
        return PusherCodec.error(
            PusherCodec.CLIENT_EVENT,
            "Client events are for private and presence channels that were subscribed to");
      }
      EventName name = new EventName(event);
      Content content = Content.json(data == null ? "null" : data);
      Payload.checkSize(content, Signal.MAX_DATA_BYTES);
      tellHooks(subscription, event, content.text());
      return List.of(
          new Decoded.Asked(
              new Command.SendSignal(null, room, name, content, null, subscription.user)));
    } catch (RefusedException refused) {
      return PusherCodec.error(PusherCodec.CLIENT_EVENT, refused.rejection().message());
    }
  }

  private void tellHooks(PusherSubscription subscription, String event, String json) {
    GuestApp mine = app;
    if (!mine.hooks().isEmpty() && mine.rights().contains(Right.SIGNAL)) {
      JsonWriter out = new JsonWriter(new StringBuilder(192 + json.length())).beginObject();
      out.field("name", "client_event").field("channel", subscription.channel.name());
      out.field("event", event).field("data", json).field("socket_id", socketId);
      hooks.connectionEvent(mine, out.optional("user_id", subscription.user));
    }
  }

  /**
   * Response to a subscription; null: there is none, or it is the member list of a presence
   * channel, which follows.
   */
  @Nullable Frame answer(Command.Join join, Reply reply) {
    PusherSubscription subscription = subscriptions.get(join.room());
    if (subscription == null) {
      return null;
    }
    String name = subscription.channel.name();
    return switch (reply) {
      case Reply.JoinedRoom joined -> {
        boolean missed = subscription.channel.isCache() && isEmpty(joined.joined());
        if (missed) {
          hooks.cacheMiss(app, name);
        }
        if (subscription.channel.isPresence()) {
          subscription.missed = missed;
          yield null;
        }
        Message succeeded = PusherFrames.subscribed(name);
        yield missed
            ? new PusherEncoder.Several(List.of(succeeded, PusherFrames.cacheMiss(name)))
            : succeeded;
      }
      case Reply.Refused refused -> {
        subscriptions.remove(join.room());
        ErrorCode code = refused.rejection().code();
        String type = code == ErrorCode.FORBIDDEN ? "AuthError" : "SubscriptionError";
        yield PusherFrames.notSubscribed(name, type, refused.rejection().message(), code.status());
      }
      default -> null;
    };
  }

  private static boolean isEmpty(Joined joined) {
    return joined.cursor().seq() >= joined.head().seq();
  }

  /**
   * Adds the messages of a frame that depends on this connection's state; for the writing thread.
   */
  void tell(Frame frame, List<Message> out) {
    switch (frame) {
      case PusherEncoder.InPresence f -> {
        PusherSubscription subscription = subscriptions.get(f.room());
        if (subscription != null) {
          subscription.tell(f.message(), out);
        }
      }
      case PusherEncoder.ChannelMembers f -> {
        PusherSubscription subscription = subscriptions.get(f.room());
        if (subscription != null) {
          subscription.tellMembers(f.message(), out);
        } else {
          tellOnline(f.room(), f.count() > 0, out);
        }
      }
      case PusherEncoder.ChannelChanges f -> {
        PusherSubscription subscription = subscriptions.get(f.room());
        if (subscription == null) {
          tellOnline(f.room(), f.count() > 0, out);
        } else if (!subscription.waits) {
          out.addAll(f.messages().messages());
        }
      }
      default -> throw new IllegalStateException("a frame of another protocol");
    }
  }

  private void tellOnline(RoomName room, boolean online, List<Message> out) {
    PusherUser known = user;
    String other = PusherChannel.onlineUser(room);
    if (known != null
        && other != null
        && known.watched().contains(other)
        && !Boolean.valueOf(online).equals(watched.put(room, online))) {
      out.add(PusherFrames.online(other, online));
    }
  }
}
