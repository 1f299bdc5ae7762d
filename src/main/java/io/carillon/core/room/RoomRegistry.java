package io.carillon.core.room;

import io.carillon.core.RoomName;
import io.carillon.core.spi.Namespaces;
import io.carillon.core.spi.Probe;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The rooms that somebody reads on this instance, or has read lately: a room without readers is
 * kept for a while, so that readers who come back cost no query. Thread-safe.
 */
final class RoomRegistry {
  private static final int RECENT_EVENTS = 512;
  private static final int RECENT_BYTES = 256 * 1024;

  private final RecentBytes recentBytes;
  private final Namespaces namespaces;
  private final ConcurrentHashMap<RoomName, Room> rooms = new ConcurrentHashMap<>();
  private final Set<RoomName> kept = ConcurrentHashMap.newKeySet();
  private final LongSupplier nanos;
  private final long idleNanos;
  private final Probe probe;
  private final Consumer<Subscription> lagging;

  RoomRegistry(
      LongSupplier nanos,
      Limits limits,
      Namespaces namespaces,
      Probe probe,
      Consumer<Subscription> lagging) {
    this.nanos = nanos;
    this.idleNanos = limits.idle().toNanos();
    this.recentBytes = new RecentBytes(limits.recentBytes());
    this.namespaces = namespaces;
    this.probe = probe;
    this.lagging = lagging;
  }

  /** The room, made if it is not there. */
  Room room(RoomName name) {
    return rooms.computeIfAbsent(name, this::make);
  }

  /** The room, from now on kept although nobody reads it. */
  Room keep(RoomName name) {
    kept.add(name);
    forgetIfRetired(room(name));
    return room(name);
  }

  private Room make(RoomName name) {
    Recent recent = new Recent(RECENT_EVENTS, RECENT_BYTES, recentBytes);
    Subscribers subscribers =
        new Subscribers(name, probe, () -> namespaces.of(name.namespace()).conflate());
    return new Room(name, recent, subscribers, nanos.getAsLong(), lagging);
  }

  @Nullable Room find(RoomName name) {
    return rooms.get(name);
  }

  Collection<Room> all() {
    return rooms.values();
  }

  /** Forgets rooms that nobody has read for the idle time. */
  void sweep() {
    long now = nanos.getAsLong();
    rooms.values().removeIf(room -> !kept.contains(room.name()) && room.retire(now, idleNanos));
    if (recentBytes.crowded()) {
      record Read(Room room, int readers) {}
      List<Read> least =
          rooms.values().stream()
              .map(room -> new Read(room, room.readers()))
              .sorted(Comparator.comparingInt(Read::readers))
              .toList();
      for (Read read : least) {
        if (!recentBytes.crowded()) {
          break;
        }
        read.room.forgetRecent();
      }
    }
  }

  /** The rooms that have readers here, with how many. */
  Map<RoomName, Integer> occupied() {
    Map<RoomName, Integer> occupied = new HashMap<>();
    for (Room room : all()) {
      int readers = room.readers();
      if (readers > 0) {
        occupied.put(room.name(), readers);
      }
    }
    return occupied;
  }

  /** How many bytes of recent events are in memory, about. */
  long recentBytes() {
    return recentBytes.used();
  }

  /** Makes place for a new room of the name, if this one takes no readers any more. */
  void forgetIfRetired(Room room) {
    if (room.retired()) {
      rooms.remove(room.name(), room);
    }
  }

  void exit(Subscription reader) {
    reader.room.exit(reader, nanos.getAsLong());
  }
}
