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
 * Registry of the rooms in memory. A room without readers is kept for the idle time, which saves a
 * query for readers that come back. Thread-safe.
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
      RoomLimits limits,
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

  /** The room, created if it is absent. */
  Room room(RoomName name) {
    return rooms.computeIfAbsent(name, this::make);
  }

  /** The room, kept from now on even without readers. */
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

  /** Removes rooms without readers for the idle time. */
  void sweep() {
    long now = nanos.getAsLong();
    rooms.values().removeIf(room -> !kept.contains(room.name()) && room.retire(now, idleNanos));
    if (recentBytes.crowded()) {
      record ReaderCount(Room room, int readers) {}
      List<ReaderCount> least =
          rooms.values().stream()
              .map(room -> new ReaderCount(room, room.readers()))
              .sorted(Comparator.comparingInt(ReaderCount::readers))
              .toList();
      for (ReaderCount count : least) {
        if (!recentBytes.crowded()) {
          break;
        }
        count.room.forgetRecent();
      }
    }
  }

  /** The number of local readers by room, of rooms that have any. */
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

  /** Approximate bytes of recent events in memory. */
  long recentBytes() {
    return recentBytes.used();
  }

  /** Removes a room that is retired, so that a new one can take its name. */
  void forgetIfRetired(Room room) {
    if (room.retired()) {
      rooms.remove(room.name(), room);
    }
  }

  void exit(Subscription reader) {
    reader.room.exit(reader, nanos.getAsLong());
  }
}
