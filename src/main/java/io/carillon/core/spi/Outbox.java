package io.carillon.core.spi;

import io.carillon.core.EventName;
import io.carillon.core.RoomName;
import org.jspecify.annotations.Nullable;

/**
 * Publishing inside the caller's own transaction: the event is in the log exactly once soon after
 * the commit, and never after a rollback. Takes no lock that another room or publisher waits for.
 */
public interface Outbox {
  /**
   * Adds the event to the transaction that the calling thread is in.
   *
   * @param data any JSON value as text
   * @param key the publisher's key, or null for one made by the server
   * @param meta a flat JSON object of strings as text, or null
   * @return the event's id
   * @throws io.carillon.core.RefusedException if a part is not valid; the transaction must then be
   *     rolled back
   * @throws LogUnavailableException if the database refused or could not be reached
   */
  String publish(
      RoomName room, EventName name, String data, @Nullable String key, @Nullable String meta);

  /** Told after a commit that there is something to relay; returns at once. */
  void wake();
}
