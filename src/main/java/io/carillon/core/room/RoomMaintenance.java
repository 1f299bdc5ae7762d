package io.carillon.core.room;

import io.carillon.core.RoomName;
import io.carillon.core.connection.Connection;
import io.carillon.core.spi.LogUnavailableException;
import io.carillon.core.spi.Occupancy;

/**
 * Periodic work on all rooms: comparison with the log, review of rights, report of occupancy. One
 * task of a kind at a time; everything here blocks.
 */
public final class RoomMaintenance {
  private final RoomRegistry registry;
  private final Sequencer sequencer;
  private final SubscriptionRegistry subscriptions;
  private final Review review;
  private final Occupancy occupancy;
  private final UserActs acts;

  RoomMaintenance(
      RoomRegistry registry,
      Sequencer sequencer,
      SubscriptionRegistry subscriptions,
      Review review,
      Occupancy occupancy,
      UserActs acts) {
    this.registry = registry;
    this.sequencer = sequencer;
    this.subscriptions = subscriptions;
    this.review = review;
    this.occupancy = occupancy;
    this.acts = acts;
  }

  /** Compares all rooms of this instance with the log, in one query. */
  public void poll() {
    registry.sweep();
    acts.sweep();
    sequencer.compare(registry.all());
  }

  /**
   * Keeps a room open without readers, so that the latency of its events to this instance is always
   * measured. Call again after a {@link LogUnavailableException}.
   */
  public void keep(RoomName name) {
    sequencer.load(registry.keep(name));
  }

  /** Reviews the rights of all connections, as {@link Review}. */
  public void review() {
    subscriptions.review(review);
  }

  /** Reviews the rights of one connection, which have just changed. */
  void review(Connection connection) {
    subscriptions.review(review, connection);
  }

  /** Reports which rooms are read here. */
  public void reportOccupancy() {
    occupancy.report(registry.occupied());
  }
}
