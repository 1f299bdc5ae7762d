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

  /** Whether what others send arrives at the moment; false means the poll carries delivery. */
  boolean connected();

  /** Ends listening; idempotent. */
  @Override
  void close();

  /** Control signal between instances. */
  sealed interface Control {
    /**
     * Close all connections of a user.
     *
     * @param user whose
     * @param issuedBefore with a revocation: credentials made before this are refused from now on
     */
    record Kick(String user, @Nullable Instant issuedBefore) implements Control {}
  }

  /**
   * Told what arrives. Called on one thread of the backplane at a time; must be short, never throw
   * and never block.
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
     * More has happened than was listed: compare all positions with the log. Anybody may be able to
     * say so, again and again: the comparison must be shared by all who ask before it begins.
     */
    void everything();

    /**
     * Anything may have been missed, for nothing was heard for a while, perhaps because the
     * database is another one than before: compare everything, and believe nothing of what was
     * known. Said only when new arrivals are already being heard.
     */
    void missed();
  }
}
