package io.carillon.core.room;

import io.carillon.core.connection.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** Figures of the rooms of this instance, for gauges and tests. Cheap; from any thread. */
public final class RoomStatistics {
  private final RoomRegistry registry;
  private final SubscriptionRegistry subscriptions;
  private final JoinLimiter limiter;
  private final UserActs acts;

  RoomStatistics(
      RoomRegistry registry,
      SubscriptionRegistry subscriptions,
      JoinLimiter limiter,
      UserActs acts) {
    this.acts = acts;
    this.registry = registry;
    this.subscriptions = subscriptions;
    this.limiter = limiter;
  }

  /** Progress of a connection in the rooms that it reads here, in no order. */
  public List<RoomReading> readings(Connection connection) {
    return subscriptions.readings(connection);
  }

  /**
   * Rooms that are read here or have had events in the last minute, the busiest first.
   *
   * @param prefix what their names begin with
   * @param now database time, as near as the instance knows it
   */
  public List<RoomActivity> activity(String prefix, Instant now) {
    Instant since = now.minus(Duration.ofMinutes(1));
    return registry.all().stream()
        .filter(room -> room.name().value().startsWith(prefix))
        .map(room -> room.activity(since, now))
        .filter(each -> each.readers() > 0 || each.minute() > 0)
        .sorted(
            Comparator.comparingLong(RoomActivity::minute)
                .thenComparingInt(RoomActivity::readers)
                .reversed()
                .thenComparing(RoomActivity::room))
        .toList();
  }

  /** Acts of the users who are watched here. */
  public UserActs acts() {
    return acts;
  }

  /** Number of connections that read a room. */
  int reading() {
    return subscriptions.connections();
  }

  /** Number of rooms in memory, with readers or without. */
  int open() {
    return registry.all().size();
  }

  /** Whether the queue of joins is full, so that new connections are to be refused. */
  public boolean crowded() {
    return limiter.crowded();
  }

  /** Approximate bytes of recent events in memory. */
  public long recentBytes() {
    return registry.recentBytes();
  }

  /** Number of rooms with readers. */
  public int occupied() {
    return registry.occupied().size();
  }
}
