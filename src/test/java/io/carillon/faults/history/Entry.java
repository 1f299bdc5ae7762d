package io.carillon.faults.history;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One thing that happened, as the driver saw it. {@code at} is always the {@code System.nanoTime()}
 * of the one driver process: for something asked, taken just before it is sent; for something seen,
 * just after it was read; so real-time order may be concluded from it.
 */
public sealed interface Entry {
  /** Nanoseconds of the driver's clock. */
  long at();

  /**
   * A publish is about to be sent. A retry of the same publish has the same {@code op} and key.
   *
   * @param op number of the publish, unique in the history
   * @param publisher who: its publishes of one room are awaited one after another unless they have
   *     overlapping times
   * @param via {@code ws}, {@code rest}, {@code batch}, {@code sql} (in a transaction of its own)
   * @param key idempotency key; for SQL too
   * @param data the JSON text of the data, unique in the history by containing the op
   */
  record Publish(
      long at, int op, String publisher, String via, String room, String key, String data)
      implements Entry {}

  /** A publish was acknowledged with its position. SQL's own commit is {@link Committed}. */
  record Acked(long at, int op, String epoch, long seq, String id, boolean duplicate)
      implements Entry {}

  /**
   * A SQL transaction with this publish has committed: in the log exactly once, some time later.
   */
  record Committed(long at, int op, String id) implements Entry {}

  /** A publish was refused, or its transaction rolled back: it must never be delivered. */
  record Refused(long at, int op, String code) implements Entry {}

  /** The outcome could not be learnt (connection gone, time out, {@code unknown}). */
  record Unknown(long at, int op, String why) implements Entry {}

  /** A reader begins to connect. {@code instance} counts from 0. */
  record Connect(long at, String reader, String via, int instance) implements Entry {}

  /**
   * A reader was told that it has joined a room.
   *
   * @param after the cursor it asked to continue after, or empty for a live join without one
   * @param cursor the position that the server gave; what is delivered next follows it
   * @param head the head that the server named
   */
  record Joined(
      long at,
      String reader,
      String room,
      String after,
      String cursor,
      String head,
      boolean recovered)
      implements Entry {}

  /** A reader's callback got an event. {@code data} is the JSON text as received. */
  record Delivered(
      long at, String reader, String room, String epoch, long seq, String id, String data)
      implements Entry {}

  /** A reader was told that it cannot be continued; it goes on from {@code head}. */
  record Resync(long at, String reader, String room, String reason, String head, String floor)
      implements Entry {}

  /** A reader's connection ended, by whatever cause. */
  record Disconnect(long at, String reader, String why) implements Entry {}

  /**
   * The truth about a member changed: from now on {@code user} is (or is not) present in the room.
   * For an orderly change taken when it was acknowledged; for a crash when the process was killed.
   *
   * <p>A departure that observers must know within less than the grace is an explicit one; with a
   * longer time it is a lost connection, and a return within the grace must not be seen. Being told
   * again that someone is gone begins its time anew.
   *
   * @param within nanoseconds after which every observer must agree (G10)
   */
  record Presence(long at, String user, String room, boolean present, long within)
      implements Entry {}

  /** The list of members that an observer holds after each change of it. */
  record View(long at, String reader, String room, Set<String> users) implements Entry {}

  /** The right of a user to read a room was withdrawn, or its token expired (G12: 5 s). */
  record Revoked(long at, String user, String room, Set<String> readers) implements Entry {}

  /** A fault begins. Targets are for people. */
  record FaultOn(long at, String fault, String target) implements Entry {}

  /** A fault is healed: over when it was healed as often as begun, whatever the targets. */
  record FaultOff(long at, String fault, String target) implements Entry {}

  /** Everything is healed and every client has had time: from here on the final reads follow. */
  record Settled(long at) implements Entry {}

  /** A row of the events table, read at the end. */
  record Row(long at, String room, String epoch, long seq, String id, String data)
      implements Entry {}

  /** Head and floor of a room at the end, from the database: {@code floor} is the last removed. */
  record Head(long at, String room, String epoch, long seq, long floor) implements Entry {}

  /** Epoch forks that the database knows: events of {@code epoch} are valid up to {@code seq}. */
  record Fork(long at, String room, String epoch, long seq) implements Entry {}

  /** One event of a full replay of a room at the end, over one transport. */
  record Replayed(long at, String via, String room, String epoch, long seq, String id, String data)
      implements Entry {}

  /** A full replay over one transport is complete. */
  record ReplayEnd(long at, String via, String room, String cursor) implements Entry {}

  /** What an instance holds: bytes of live heap, threads, open descriptors, connections. */
  record Resources(long at, int instance, Map<String, Long> figures) implements Entry {}

  /** Anything else worth keeping, for people only. */
  record Note(long at, String text, List<String> details) implements Entry {}
}
