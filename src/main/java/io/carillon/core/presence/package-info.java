/**
 * Who is present in a room: state and diffs, leases and grace.
 *
 * <p>{@link io.carillon.core.presence.Presence} is the front. Changes go one way: an act is queued,
 * the writer does what waits in one call of the store, rings, and every instance that has followers
 * of the room (this one too) reads what is new by revision and tells them the difference, once a
 * tick. Nothing is told before it was read back, so all observers see the store's order; a doorbell
 * that is lost is made up for by the poll, which compares revisions.
 *
 * <p>Lock order: the lock of {@code LocalMembers}, then that of {@code ActQueue}; the lock of
 * {@code PresenceRoom}, then a send queue's lock. No lock is held while the store or the backplane
 * is called.
 *
 * <p>Knows the vocabulary, {@code core.connection} and {@code core.spi}; not rooms.
 */
@NullMarked
package io.carillon.core.presence;

import org.jspecify.annotations.NullMarked;
