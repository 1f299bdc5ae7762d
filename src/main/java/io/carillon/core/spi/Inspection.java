package io.carillon.core.spi;

import io.carillon.core.RoomName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What operators see of the database's state. Blocks; throws {@link LogUnavailableException}. */
public interface Inspection {
  /** Instances whose lease lasts, the oldest first. */
  List<LiveInstance> instances();

  /** The number of the committed event that has waited longest for the relay; 0: none waits. */
  long oldestWaiting();

  /** Whether an event of the outbox was rejected within so long a time. */
  boolean rejectedWithin(Duration time);

  /**
   * The transactional outbox.
   *
   * @param limit most rejected events to list, the latest first
   */
  OutboxState outbox(int limit);

  /**
   * An instance that lives.
   *
   * @param id its incarnation
   * @param name its name, for people
   * @param version the version of its build; {@code unknown} before 0.2
   * @param started when it took its lease first
   * @param seen when it renewed it last
   * @param draining whether it is about to go
   * @param relay whether it moves the outbox
   */
  record LiveInstance(
      String id,
      String name,
      String version,
      Instant started,
      Instant seen,
      boolean draining,
      boolean relay) {}

  /**
   * State of the transactional outbox.
   *
   * @param waiting committed events that have not been moved to the log, counted up to 100,000
   * @param oldest when the oldest of them was written, or null
   * @param rejected number of events that can never be moved, counted likewise
   * @param latest the latest of those
   */
  record OutboxState(
      long waiting, @Nullable Instant oldest, long rejected, List<RejectedEvent> latest) {
    /** Copies the list. */
    public OutboxState {
      latest = List.copyOf(latest);
    }
  }

  /**
   * Event of a committed transaction that can never be moved to the log.
   *
   * @param number its number in the outbox
   * @param room name of the room as it was given, which may be none: see {@link RoomName}
   * @param id its id
   * @param name its event name
   * @param by who published it
   * @param created when it was written
   * @param at when it was rejected
   * @param reason why
   */
  record RejectedEvent(
      long number,
      String room,
      String id,
      String name,
      String by,
      Instant created,
      Instant at,
      String reason) {}
}
