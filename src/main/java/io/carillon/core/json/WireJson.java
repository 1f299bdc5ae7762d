package io.carillon.core.json;

import io.carillon.core.Content;
import io.carillon.core.Delivery;
import io.carillon.core.Event;
import io.carillon.core.HistoryPage;
import io.carillon.core.Joined;
import io.carillon.core.Member;
import io.carillon.core.MembersPage;
import io.carillon.core.Rejection;
import io.carillon.core.Resync;
import io.carillon.core.Signal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * JSON form of the vocabulary, the same on every transport. Methods called {@code …Fields} write
 * members into an object that the caller has begun, so that a frame can put its type before them.
 */
public final class WireJson {
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private WireJson() {}

  /** An instant as ISO 8601 in UTC with exactly three digits of a second. */
  public static String instant(Instant at) {
    return MILLIS.format(at);
  }

  /** A whole event as one line. */
  public static String event(Event event) {
    return event(new Delivery.EventDelivery(event));
  }

  /** A whole event as one line, as it is delivered. */
  public static String event(Delivery.EventDelivery delivery) {
    JsonWriter out = new JsonWriter(new StringBuilder(192 + delivery.event().weight()));
    out.beginObject();
    eventFields(out, delivery);
    return out.endObject().toString();
  }

  /** The members of an event as it is delivered. */
  public static void eventFields(JsonWriter out, Delivery.EventDelivery delivery) {
    eventFields(out, delivery.event());
    if (delivery.skipped() > 0) {
      out.field("skipped", delivery.skipped());
    }
  }

  /** The members of an event. */
  public static void eventFields(JsonWriter out, Event event) {
    out.field("room", event.room().value())
        .field("seq", event.seq())
        .field("epoch", event.epoch())
        .field("id", event.id())
        .field("name", event.name());
    content(out, event.content());
    out.field("by", event.by()).field("at", instant(event.at()));
    String meta = event.meta();
    if (meta != null) {
      out.rawField("meta", JsonText.oneLine(meta));
    }
  }

  /** The members of a page of history. */
  public static void historyFields(JsonWriter out, HistoryPage page) {
    out.name("events").beginArray();
    for (Event event : page.events()) {
      out.beginObject();
      eventFields(out, event);
      out.endObject();
    }
    out.endArray().field("cursor", page.cursor().toString()).field("head", page.head().toString());
    out.optional("next", page.next() == null ? null : page.next().toString());
    Resync resync = page.resync();
    if (resync != null) {
      out.name("resync").beginArray().beginObject();
      resyncFields(out, resync);
      out.endObject().endArray();
    }
  }

  /** The members of a refusal. */
  public static void rejectionFields(JsonWriter out, Rejection rejection) {
    out.field("code", rejection.code().code())
        .field("message", rejection.message())
        .field("retryable", rejection.code().retryable());
    Duration after = rejection.retryAfter();
    if (after != null) {
      out.field("retryAfter", after.toMillis());
    }
    out.optional("id", rejection.id());
  }

  /** JSON as it is, on one line; bytes as a string, and what it is then. */
  private static void content(JsonWriter out, Content content) {
    switch (content) {
      case Content.Json(String text) -> out.rawField("data", JsonText.oneLine(text));
      case Content.Binary bytes -> out.field("data", bytes.text()).field("encoding", "base64");
    }
  }

  /** The members of a signal. */
  public static void signalFields(JsonWriter out, Signal signal) {
    out.field("room", signal.room().value()).field("name", signal.name().value());
    content(out, signal.content());
    out.field("by", signal.by());
    if (!signal.from().isEmpty()) {
      out.field("from", signal.from());
    }
  }

  /** The members of a resync. */
  public static void resyncFields(JsonWriter out, Resync resync) {
    out.field("room", resync.room().value())
        .field("reason", resync.reason().word())
        .field("head", resync.head().toString())
        .field("floor", resync.floor().toString());
  }

  /** The members of a join's answer, without the room. */
  public static void joinedFields(JsonWriter out, Joined joined) {
    out.field("cursor", joined.cursor().toString())
        .field("head", joined.head().toString())
        .field("recovered", joined.recovered());
    Integer members = joined.members();
    if (members != null) {
      out.field("members", members);
    }
  }

  /** A page of a room's members as one line. */
  public static String members(MembersPage page) {
    JsonWriter out = new JsonWriter(new StringBuilder(64 + 128 * page.members().size()));
    out.beginObject();
    membersFields(out, page);
    return out.endObject().toString();
  }

  /** The members of a page of a room's members. */
  public static void membersFields(JsonWriter out, MembersPage page) {
    out.field("count", page.count());
    members(out, "members", page.members());
    out.optional("next", page.next());
  }

  /** An array of a room's members under a name. */
  public static void members(JsonWriter out, String name, List<Member> members) {
    out.name(name).beginArray();
    for (Member member : members) {
      out.beginObject()
          .field("user", member.user())
          .rawField("state", JsonText.oneLine(member.state()))
          .field("connections", member.connections())
          .field("since", instant(member.since()))
          .endObject();
    }
    out.endArray();
  }
}
