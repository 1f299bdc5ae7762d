package io.carillon.protocol.pusher;

import io.carillon.core.Content;
import io.carillon.core.EventName;
import io.carillon.core.Grants;
import io.carillon.core.Identity;
import io.carillon.core.Right;
import io.carillon.core.RoomName;
import io.carillon.core.room.Rooms;
import io.carillon.core.spi.GuestApp;
import io.carillon.core.spi.GuestApps;
import io.carillon.core.spi.GuestHooks;
import io.carillon.core.spi.LogUnavailableException;
import java.util.Map;
import java.util.Set;

/**
 * Subscription counts of channels, for applications that ask for them (Pusher's page "Subscription
 * count event"). A change is told to the subscribers as a signal of the room, some seconds late, by
 * one instance; what an instance has found and not told when it is killed is told with the next
 * change.
 */
public final class PusherCounts {
  /** Name of the signal. No client event has it, for those begin with {@code client-}. */
  static final EventName NAME = new EventName("pusher:subscription_count");

  private final GuestApps apps;
  private final GuestHooks store;
  private final Rooms rooms;

  /** Creates the counts of these applications. */
  public PusherCounts(GuestApps apps, GuestHooks store, Rooms rooms) {
    this.apps = apps;
    this.store = store;
    this.rooms = rooms;
  }

  /**
   * Tells what has changed; blocks. By one thread at a time.
   *
   * @throws LogUnavailableException if the store cannot be reached; the next call does the rest
   */
  public void tick() {
    for (GuestApp app : apps.all()) {
      if (app.enabled() && app.counts()) {
        store.counts(app).forEach((room, count) -> tell(app, room, count));
      }
    }
  }

  private void tell(GuestApp app, RoomName room, int count) {
    if (count > 0) {
      Identity teller =
          new Identity(
              app.name(), Grants.of(Map.of(room.value(), Set.of(Right.SIGNAL))), null, null);
      rooms.signal(teller, room, NAME, Content.json(Integer.toString(count)), "", null);
    }
  }
}
