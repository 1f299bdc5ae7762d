package io.carillon.core.spi;

import java.time.Instant;

/**
 * Counters and timers of the core. Called on hot paths from any thread; must be wait-free or nearly
 * so and never throw. What a probe does not count it need not implement.
 */
public interface Probe {
  /** A publication was acknowledged; {@code nanos} from the call to the commit. */
  default void published(long nanos) {}

  /** A publication was not appended. */
  default void refused(String code) {}

  /** A limit refused somebody; the name of one of ours. */
  default void limited(String limit) {}

  /** A request was to be handed to another instance, or was said to be. */
  default void forwarded(HopOutcome outcome) {}

  /**
   * An event entered its room's sequence on this instance and goes to the room's readers; {@code
   * at} is the event's own time. The probe knows the offset between the database's clock and its
   * own.
   */
  default void sequenced(Instant at) {}

  /** A reader fell back to the log because its send queue was full. */
  default void lagged() {}

  /** A signal was dropped because a send queue was full. */
  default void dropped() {}

  /** A resync was announced to a reader. */
  default void resynced(String reason) {}

  /**
   * Counters of the connections of a protocol.
   *
   * @param protocol its name; those that the probe was not made for share the counters of {@code
   *     other}
   */
  default ConnectionProbe connections(String protocol) {
    return NO_CONNECTIONS;
  }

  /** Counters of the connections of one protocol. Called and bound as the probe is. */
  interface ConnectionProbe {
    /** A connection was opened. */
    void opened();

    /** So many deliveries were written to a peer in one flush. */
    void delivered(int deliveries);

    /** A connection was closed with this close code. */
    void closed(int code);
  }

  /** Counts nothing; for tests. */
  ConnectionProbe NO_CONNECTIONS =
      new ConnectionProbe() {
        @Override
        public void opened() {}

        @Override
        public void delivered(int deliveries) {}

        @Override
        public void closed(int code) {}
      };

  /** Counts nothing; for tests. */
  Probe NONE = new Probe() {};
}
