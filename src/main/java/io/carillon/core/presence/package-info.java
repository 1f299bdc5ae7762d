/**
 * Presence: the members of rooms with state and diffs, leases and grace.
 *
 * <p>{@link io.carillon.core.presence.Presence} is the front. Changes flow one way: an act is
 * queued, the writer applies all queued acts in one call of the store and rings, and every instance
 * with followers of the room (this one too) reads the changes by revision and delivers the
 * difference, once a tick. Changes are delivered only after they were read back, so all observers
 * see the store's order; the poll, which compares revisions, makes up for a lost doorbell.
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
