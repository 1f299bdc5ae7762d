package io.carillon.core.room;

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

  /** How many connections are remembered here as readers. */
  int reading() {
    return subscriptions.connections();
  }

  /** How many rooms are in memory here, with readers or without. */
  int open() {
    return registry.all().size();
  }

  /** Whether so many wait to join that nobody more should connect now. */
  public boolean crowded() {
    return limiter.crowded();
  }

  /** How many bytes of recent events are in memory, about. */
  public long recentBytes() {
    return registry.recentBytes();
  }

  /** How many rooms have readers here. */
  public int occupied() {
    return registry.occupied().size();
  }
}
