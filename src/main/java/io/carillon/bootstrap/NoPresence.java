package io.carillon.bootstrap;

import io.carillon.core.Identity;
import io.carillon.core.MembersPage;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.presence.Presence;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Until presence lands. */
final class NoPresence extends Presence {
  @Override
  public void track(Connection c, RoomName room, String state) {}

  @Override
  public void untrack(Connection c, RoomName room) {}

  @Override
  public void follow(Connection c, RoomName room) {}

  @Override
  public void unfollow(Connection c, RoomName room) {}

  @Override
  public void left(Connection c, RoomName room) {}

  @Override
  public void closed(Connection c) {}

  @Override
  public int count(RoomName room) {
    return 0;
  }

  @Override
  public MembersPage members(RoomName room, int limit, @Nullable String page) {
    return new MembersPage(0, List.of(), null);
  }

  @Override
  public void lease(Identity who, RoomName room, String state) {}

  @Override
  public void renewLeases(Identity who, Collection<RoomName> rooms) {}

  @Override
  public void unlease(Identity who, RoomName room) {}

  @Override
  public void rang(RoomName room, long revision) {}

  @Override
  public void missed() {}

  @Override
  public void poll() {}

  @Override
  public void drained(Duration until) {}
}
