package io.carillon.core.room;

import io.carillon.core.Content;
import io.carillon.core.EventName;
import io.carillon.core.Identity;
import io.carillon.core.Publication;
import io.carillon.core.RefusedException;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.json.Payload;
import io.carillon.core.limit.Limit;
import io.carillon.core.spi.AppendResult;
import io.carillon.core.spi.EventLog;
import io.carillon.core.spi.Namespaces;
import io.carillon.core.spi.Probe;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Publish path of rooms: rights and limits, then the log. */
final class Publisher {
  private final EventLog log;
  private final AccessCheck access;
  private final Namespaces namespaces;
  private final Supplier<String> eventIds;
  private final LongSupplier nanos;
  private final Probe probe;
  private final UserActs acts;
  private final Map<Long, CompletableFuture<AppendResult>> waiting = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  Publisher(Rooms.Collaborators given, AccessCheck access, UserActs acts) {
    this.log = given.log();
    this.access = access;
    this.namespaces = given.namespaces();
    this.eventIds = given.eventIds();
    this.nanos = given.nanos();
    this.probe = given.probe();
    this.acts = acts;
  }

  CompletableFuture<AppendResult> publish(
      Identity who,
      RoomName room,
      EventName name,
      Content content,
      @Nullable String key,
      @Nullable String meta,
      @Nullable String origin) {
    return append(checked(who, room, name, content, key, meta, origin));
  }

  /**
   * Event that {@code who} may publish.
   *
   * @throws RefusedException if it must not be published
   */
  Publication checked(
      Identity who,
      RoomName room,
      EventName name,
      Content content,
      @Nullable String key,
      @Nullable String meta,
      @Nullable String origin) {
    access.charge(who, Right.WRITE, Limit.PUBLISHES_ROOM, room);
    Payload.checkSize(content, namespaces.of(room.namespace()).dataLimit());
    int end = key == null ? -1 : key.indexOf('\n');
    String source = key == null || end < 0 ? null : key.substring(end + 1);
    String id = key == null ? eventIds.get() : end < 0 ? key : key.substring(0, end);
    return new Publication(room, id, key != null, name, content, meta, who.user(), origin, source);
  }

  CompletableFuture<AppendResult> append(Publication publication) {
    long begun = nanos.getAsLong();
    CompletableFuture<AppendResult> result = log.append(publication);
    long number = numbers.incrementAndGet();
    waiting.put(number, result);
    return result.whenComplete(
        (r, e) -> {
          waiting.remove(number);
          count(publication, r, begun);
        });
  }

  /** Completes once all publishes that await their commit now are answered. */
  CompletableFuture<Void> settled() {
    return CompletableFuture.allOf(waiting.values().toArray(CompletableFuture<?>[]::new));
  }

  private void count(Publication publication, AppendResult result, long begun) {
    String name = publication.name().value();
    switch (result) {
      case AppendResult.Appended done -> {
        probe.published(nanos.getAsLong() - begun);
        acts.published(publication.by(), publication.room(), name, done.seq());
      }
      case AppendResult.NotAppended not -> {
        String code = not.rejection().code().code();
        probe.refused(code);
        acts.refused(publication.by(), publication.room(), name, code);
      }
    }
  }
}
