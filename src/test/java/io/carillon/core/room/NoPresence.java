package io.carillon.core.room;

import io.carillon.core.Lessee;
import io.carillon.core.Member;
import io.carillon.core.MembersPage;
import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.presence.Attendance;
import io.carillon.core.spi.LogUnavailableException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Remembers who was tracked and who follows, and does nothing about it. */
final class NoPresence implements Attendance {
  /** One connection in one room. */
  record Place(Connection connection, RoomName room) {}

  final Set<Place> tracked = ConcurrentHashMap.newKeySet();
  final Set<Place> followed = ConcurrentHashMap.newKeySet();
  volatile boolean unavailable;
  volatile Runnable beforeTrack = () -> {};
  volatile Runnable written = () -> {};

  /** How many things are remembered. */
  int places() {
    return tracked.size() + followed.size();
  }

  @Override
  public void track(Connection c, RoomName room, String state) {
    if (unavailable) {
      throw new LogUnavailableException("switched off", null);
    }
    beforeTrack.run();
    tracked.add(new Place(c, room));
  }

  @Override
  public void awaitWritten() {
    written.run();
  }

  @Override
  public void untrack(Connection c, RoomName room) {
    tracked.remove(new Place(c, room));
  }

  @Override
  public void follow(Connection c, RoomName room) {
    followed.add(new Place(c, room));
  }

  @Override
  public void unfollow(Connection c, RoomName room) {
    followed.remove(new Place(c, room));
  }

  @Override
  public void left(Connection c, RoomName room) {
    tracked.remove(new Place(c, room));
    followed.remove(new Place(c, room));
  }

  @Override
  public void closed(Connection c) {
    tracked.removeIf(p -> p.connection().equals(c));
    followed.removeIf(p -> p.connection().equals(c));
  }

  @Override
  public int count(RoomName room) {
    return (int) tracked.stream().filter(p -> p.room().equals(room)).count();
  }

  @Override
  public MembersPage members(RoomName room, int limit, @Nullable String page) {
    List<Member> none = List.of();
    return new MembersPage(count(room), none, null);
  }

  @Override
  public void lease(Lessee who, RoomName room, String state) {}

  @Override
  public void renewLeases(Lessee who, Collection<RoomName> rooms) {}

  @Override
  public void holdLeases(Connection c, Lessee who, Collection<RoomName> rooms) {}

  @Override
  public void unlease(Lessee who, RoomName room) {}
}
