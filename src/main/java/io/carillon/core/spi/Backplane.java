package io.carillon.core.spi;

import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Carrier of doorbells, signals and control signals between instances. Everything may be lost,
 * repeated and reordered; nothing may depend on an arrival but timeliness. What an instance sends
 * comes to the listeners of all other instances, never to its own.
 *
 * <p>All sending methods return at once, never throw, and coalesce or drop under pressure.
 */
public interface Backplane extends AutoCloseable {
  /** Begins to listen; called once, before anything is sent. */
  void start(Listener listener);

  /** "This room has reached at least this position." Coalesced to the highest per room. */
  void ring(RoomName room, String epoch, long seq);

  /** "The members of this room have reached this revision." Coalesced likewise. */
  void ringPresence(RoomName room, long revision);

  /** Sends a signal to all other instances; may be dropped under pressure. */
  void send(Signal signal);

  /** Sends a control signal to all other instances. */
  void send(Control control);

  /**
   * Whether messages of the other instances arrive at the moment; if not, the poll replaces
   * doorbells.
   */
  boolean connected();

  /** Ends listening; idempotent. */
  @Override
  void close();

  /** Control signal between instances. */
  sealed interface Control {
    /**
     * Close all connections of a user.
     *
     * @param user the user's name
     * @param issuedBefore with a revocation: credentials made before this are refused from now on
     */
    record Kick(String user, @Nullable Instant issuedBefore) implements Control {}
  }

  /**
   * Listener to messages of the other instances. Called on one thread of the backplane at a time;
   * must be short, never throw and never block.
   */
  interface Listener {
    /** A room has reached at least this position. */
    void rang(RoomName room, String epoch, long seq);

    /** The members of a room have reached this revision. */
    void presenceRang(RoomName room, long revision);

    /** A signal arrived. */
    void signalled(Signal signal);

    /** A control signal arrived. */
    void controlled(Control control);

    /**
     * More positions changed than were listed: all are to be compared with the log. Anyone may be
     * able to send this, repeatedly, so requests before the comparison begins must share one.
     */
    void everything();

    /**
     * Any message may have been missed, perhaps because the database is another one than before:
     * all state is to be compared, and none of the known state trusted. Called only once new
     * messages arrive again.
     */
    void missed();
  }
}
