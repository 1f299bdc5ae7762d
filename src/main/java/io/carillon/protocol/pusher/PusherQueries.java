package io.carillon.protocol.pusher;

import io.carillon.core.Event;
import io.carillon.core.HistoryQuery;
import io.carillon.core.Identity;
import io.carillon.core.Member;
import io.carillon.core.MembersPage;
import io.carillon.core.RoomName;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.room.RoomInfo;
import io.carillon.core.room.Rooms;
import io.carillon.core.spi.GuestApp;
import io.carillon.protocol.HttpAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Queries of the HTTP API about channels. Occupancy is some seconds old. */
final class PusherQueries {
  private static final String USERS = "user_count";
  private static final String SUBSCRIPTIONS = "subscription_count";
  private static final String CACHE = "cache";
  private static final int PAGE = 1000;

  /**
   * Reported time to live of a cached event, as Pusher has it; it stays as long as the log has it.
   */
  private static final int TTL_SECONDS = 1800;

  private final Rooms rooms;

  PusherQueries(Rooms rooms) {
    this.rooms = rooms;
  }

  /** Occupied channels, with the number of users in each where that is asked for. */
  HttpAnswer channels(GuestApp app, @Nullable String prefix, @Nullable String info) {
    boolean users = PusherHttp.asks(info, USERS);
    String wanted = prefix == null ? "" : prefix;
    if (users && !PusherChannel.isPresence(wanted)) {
      return HttpAnswer.error(400, "user_count is for channels that begin with presence-.");
    }
    Identity who = app.identity(app.name());
    JsonWriter out = object().name("channels").beginObject();
    String begin = app.namespace() + ':' + wanted;
    List<RoomName> occupied =
        RoomName.isValid(begin) ? rooms.occupied(who, begin) : List.<RoomName>of();
    for (RoomName room : occupied) {
      if (PusherChannel.isListed(room)) {
        out.name(PusherChannel.nameOf(room)).beginObject();
        if (users) {
          out.field(USERS, rooms.room(who, room).members());
        }
        out.endObject();
      }
    }
    return HttpAnswer.ok(out.endObject().endObject().toString());
  }

  /** State of one channel. */
  HttpAnswer channel(GuestApp app, String name, @Nullable String info) {
    PusherChannel channel = new PusherChannel(name);
    if (PusherHttp.asks(info, USERS) && !channel.isPresence()) {
      return HttpAnswer.error(400, "user_count is for presence channels.");
    }
    JsonWriter out = object();
    Identity who = app.identity(app.name());
    RoomInfo room = rooms.room(who, channel.room(app.namespace()));
    out.field("occupied", room.connections() > 0 || room.members() > 0);
    attributes(out, channel, room, info);
    if (PusherHttp.asks(info, CACHE) && channel.isCache()) {
      cached(out, who, room.room());
    }
    return HttpAnswer.ok(out.endObject().toString());
  }

  private void cached(JsonWriter out, Identity who, RoomName room) {
    List<Event> last = rooms.history(who, new HistoryQuery(room, null, null, 1, 1)).events();
    if (!last.isEmpty()) {
      out.name(CACHE).beginObject().field("data", PusherData.text(last.getLast()));
      out.field("ttl", TTL_SECONDS).endObject();
    }
  }

  /** Writes the requested attributes of a channel that was just published to, under its name. */
  void attributes(JsonWriter out, GuestApp app, PusherChannel channel, String info) {
    out.name(channel.name());
    attributesAlone(out, app, channel, info);
  }

  /** Writes the requested attributes without the channel's name. */
  void attributesAlone(JsonWriter out, GuestApp app, PusherChannel channel, String info) {
    out.beginObject();
    if (!info.isEmpty()) {
      Identity who = app.identity(app.name());
      attributes(out, channel, rooms.room(who, channel.room(app.namespace())), info);
    }
    out.endObject();
  }

  private static void attributes(
      JsonWriter out, PusherChannel channel, RoomInfo room, @Nullable String info) {
    if (PusherHttp.asks(info, USERS) && channel.isPresence()) {
      out.field(USERS, room.members());
    }
    if (PusherHttp.asks(info, SUBSCRIPTIONS)) {
      out.field(SUBSCRIPTIONS, room.connections());
    }
  }

  /** Users of a presence channel. */
  HttpAnswer users(GuestApp app, String name) {
    PusherChannel channel = new PusherChannel(name);
    if (!channel.isPresence()) {
      return HttpAnswer.error(400, "Users are in presence channels only.");
    }
    Identity who = app.identity(app.name());
    RoomName room = channel.room(app.namespace());
    JsonWriter out = object().name("users").beginArray();
    String page = null;
    do {
      MembersPage members = rooms.membership().list(who, room, PAGE, page);
      for (Member member : members.members()) {
        out.beginObject().field("id", member.user()).endObject();
      }
      page = members.next();
    } while (page != null);
    return HttpAnswer.ok(out.endArray().endObject().toString());
  }

  private static JsonWriter object() {
    return new JsonWriter(new StringBuilder(256)).beginObject();
  }
}
