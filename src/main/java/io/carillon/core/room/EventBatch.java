package io.carillon.core.room;

import io.carillon.core.Content;
import io.carillon.core.EventName;
import io.carillon.core.Identity;
import io.carillon.core.Publication;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.spi.AppendResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Events of one publisher that are published together. Rights and limits of an event are checked
 * when it is added, and nothing is published before {@link #publish}, so that one bad event refuses
 * all. The log itself is not asked before: it may take some of the events and not the others. For
 * one thread.
 */
public final class EventBatch {
  private final Publisher publisher;
  private final Identity who;
  private final List<Publication> events = new ArrayList<>();

  EventBatch(Publisher publisher, Identity who) {
    this.publisher = publisher;
    this.who = who;
  }

  /**
   * Adds an event; the parameters are those of {@link Rooms#publish}.
   *
   * @throws RefusedException if it must not be published
   */
  public void add(
      RoomName room,
      EventName name,
      Content content,
      @Nullable String key,
      @Nullable String meta,
      @Nullable String origin) {
    events.add(publisher.checked(who, room, name, content, key, meta, origin));
  }

  /**
   * Publishes the events, in the order in which they were added; to be called once. The futures are
   * those of {@link Rooms#publish}, in the same order.
   */
  public List<CompletableFuture<AppendResult>> publish() {
    return events.stream().map(publisher::append).toList();
  }
}
