package io.carillon.protocol.json;

import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.HistoryPage;
import io.carillon.core.Member;
import io.carillon.core.Rejection;
import io.carillon.core.Reply;
import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameEncoder;
import io.carillon.core.json.JsonWriter;
import io.carillon.core.json.WireJson;
import io.carillon.protocol.Message;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the frames of {@code carillon.v1}. */
final class CarillonV1Encoder implements FrameEncoder {
  @Override
  public String protocol() {
    return CarillonV1.NAME;
  }

  @Override
  public Frame encode(Delivery delivery) {
    return switch (delivery) {
      case Delivery.EventDelivery d -> event(d);
      case Delivery.SignalDelivery d -> {
        JsonWriter out = begin("signal", 128 + d.signal().content().weight());
        WireJson.signalFields(out, d.signal());
        yield end(out);
      }
      case Delivery.PresenceDelivery d -> presence(d);
      case Delivery.MembersDelivery d -> members(d);
      case Delivery.ByConnection d ->
          throw new IllegalStateException("no join follows members by connection");
      case Delivery.ResyncDelivery d -> {
        JsonWriter out = begin("resync", 256);
        WireJson.resyncFields(out, d.resync());
        yield end(out);
      }
      case Delivery.Welcome d -> welcome(d);
      case Delivery.StreamJoined d ->
          throw new IllegalStateException("a socket's rooms are joined one by one");
      case Delivery.Expiring d -> end(begin("expiring", 48).field("in", d.in().toMillis()));
      case Delivery.Goodbye d ->
          end(
              begin("goodbye", 96)
                  .field("reason", d.reason())
                  .field("reconnectIn", d.reconnectIn().toMillis()));
      case Delivery.HeartbeatDelivery d -> end(begin("ping", 16));
    };
  }

  /** Encodes an answer. */
  Frame encode(Reply reply) {
    String ref = reply.ref();
    return switch (reply) {
      case Reply.Done r -> end(ok(ref, 64));
      case Reply.JoinedRoom r -> {
        JsonWriter out = ok(ref, 384).field("room", r.joined().room().value());
        WireJson.joinedFields(out, r.joined());
        yield end(out);
      }
      case Reply.Published r ->
          end(
              ok(ref, 192)
                  .field("seq", r.seq())
                  .field("epoch", r.epoch())
                  .field("id", r.id())
                  .field("duplicate", r.duplicate()));
      case Reply.MemberList r -> {
        JsonWriter out = ok(ref, 1024);
        WireJson.membersFields(out, r.page());
        yield end(out);
      }
      case Reply.HistoryList r -> history(ref, r.page());
      case Reply.Authenticated r -> {
        JsonWriter out = ok(ref, 96);
        Instant expires = r.expires();
        yield end(out.optional("expires", expires == null ? null : WireJson.instant(expires)));
      }
      case Reply.PingAnswered r -> end(begin("pong", 48).rawField("ref", ref));
      case Reply.Refused r -> refused(ref, r.rejection());
    };
  }

  private static Frame event(Delivery.EventDelivery delivery) {
    Event event = delivery.event();
    JsonWriter out = begin("event", 256 + event.weight());
    WireJson.eventFields(out, delivery);
    return end(out);
  }

  private static Frame welcome(Delivery.Welcome welcome) {
    Instant expires = welcome.expires();
    return end(
        begin("welcome", 256)
            .field("protocol", CarillonV1.NAME)
            .field("connection", welcome.connection())
            .field("user", welcome.user())
            .field("heartbeat", welcome.heartbeat().toMillis())
            .optional("expires", expires == null ? null : WireJson.instant(expires)));
  }

  private static Frame presence(Delivery.PresenceDelivery presence) {
    JsonWriter out = begin("presence", 512).field("room", presence.room().value());
    WireJson.members(out, "joined", presence.joined());
    WireJson.members(out, "updated", presence.updated());
    out.name("left").beginArray();
    presence.left().forEach(out::string);
    return end(out.endArray().field("count", presence.count()));
  }

  private static Frame members(Delivery.MembersDelivery members) {
    JsonWriter out = begin("members", 512).field("room", members.room().value());
    out.field("count", members.count());
    List<Member> list = members.members();
    if (list != null) {
      WireJson.members(out, "members", list);
    }
    return end(out);
  }

  private static Frame history(@Nullable String ref, HistoryPage page) {
    JsonWriter out = ok(ref, 256 + 512 * page.events().size());
    WireJson.historyFields(out, page);
    return end(out);
  }

  private static Frame refused(@Nullable String ref, Rejection rejection) {
    JsonWriter out = begin("error", 192).rawField("ref", ref);
    WireJson.rejectionFields(out, rejection);
    return end(out);
  }

  private static JsonWriter ok(@Nullable String ref, int size) {
    return begin("ok", size).rawField("ref", ref);
  }

  private static JsonWriter begin(String type, int size) {
    return new JsonWriter(new StringBuilder(size)).beginObject().field("type", type);
  }

  private static Frame end(JsonWriter out) {
    return new Message.Text(out.endObject().toString());
  }
}
