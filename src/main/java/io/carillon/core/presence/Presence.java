package io.carillon.core.presence;

import io.carillon.core.Identity;
import io.carillon.core.MembersPage;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Placeholder so that rooms compile; replaced as a whole by the presence work that is under way.
 */
public abstract class Presence {
  public abstract void track(Connection c, RoomName room, String state);

  public abstract void untrack(Connection c, RoomName room);

  public abstract void follow(Connection c, RoomName room);

  public abstract void unfollow(Connection c, RoomName room);

  public abstract void left(Connection c, RoomName room);

  public abstract void closed(Connection c);

  public abstract int count(RoomName room);

  public abstract MembersPage members(RoomName room, int limit, @Nullable String page);

  public abstract void lease(Identity who, RoomName room, String state);

  public abstract void renewLeases(Identity who, Collection<RoomName> rooms);

  public abstract void unlease(Identity who, RoomName room);

  public abstract void rang(RoomName room, long revision);

  public abstract void missed();

  public abstract void poll();

  public abstract void drained(Duration until);
}
