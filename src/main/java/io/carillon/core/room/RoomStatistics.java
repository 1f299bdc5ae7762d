package io.carillon.core.room;

import io.carillon.core.connection.Connection;
import java.util.List;

/** Figures of the rooms of this instance, for gauges and tests. Cheap; from any thread. */
public final class RoomStatistics {
  private final RoomRegistry registry;
  private final SubscriptionRegistry subscriptions;
  private final JoinLimiter limiter;

  RoomStatistics(RoomRegistry registry, SubscriptionRegistry subscriptions, JoinLimiter limiter) {
    this.registry = registry;
    this.subscriptions = subscriptions;
    this.limiter = limiter;
  }

  /** Progress of a connection in the rooms that it reads here, in no order. */
  public List<RoomReading> readings(Connection connection) {
    return subscriptions.readings(connection);
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
