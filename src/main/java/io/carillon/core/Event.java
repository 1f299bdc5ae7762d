package io.carillon.core;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Durable event of a room, as stored in the log. {@code content} and {@code meta} are passed on as
 * they came in.
 *
 * @param room the room that it was published to
 * @param epoch the epoch that gave the sequence number
 * @param seq 1, 2, 3 … without holes per room and epoch
 * @param id the publisher's key, or a UUIDv7 made by the server
 * @param name the event's name
 * @param content any JSON value, or bytes
 * @param meta a flat JSON object of strings as text, or null
 * @param by the publisher, from the credential
 * @param at time of the append, in database time
 * @param origin the publishing connection, or null
 */
public record Event(
    RoomName room,
    String epoch,
    long seq,
    String id,
    String name,
    Content content,
    @Nullable String meta,
    String by,
    Instant at,
    @Nullable String origin) {
  /** Checks that nothing required is missing; contents were checked at the edge. */
  public Event {
    Objects.requireNonNull(room);
    Objects.requireNonNull(epoch);
    Objects.requireNonNull(id);
    Objects.requireNonNull(name);
    Objects.requireNonNull(content);
    Objects.requireNonNull(by);
    Objects.requireNonNull(at);
  }

  /** An event of JSON. */
  public Event(
      RoomName room,
      String epoch,
      long seq,
      String id,
      String name,
      String json,
      @Nullable String meta,
      String by,
      Instant at,
      @Nullable String origin) {
    this(room, epoch, seq, id, name, Content.json(json), meta, by, at, origin);
  }

  /** The position right after this event. */
  public Cursor cursor() {
    return new Cursor(epoch, seq);
  }

  /** A cheap upper estimate of what it holds in memory, in bytes; used for bounds only. */
  public int weight() {
    return 256 + content.weight() + (meta == null ? 0 : meta.length());
  }
}
