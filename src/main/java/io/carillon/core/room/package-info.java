/**
 * Rooms: the facade ({@link io.carillon.core.room.Rooms}), the sequencer, and the one path by which
 * new, resumed and lagging readers catch up with the log.
 *
 * <p>Lock order: a room's lock, then a send queue's lock; never the reverse, never two rooms' locks
 * at a time. No lock is held during a call of the log, the backplane or a carrier. Ending a
 * connection takes the locks of its rooms one after another, so it must not be done under a room's
 * lock.
 *
 * <p>Knows the vocabulary, {@code core.connection}, {@code core.presence} and {@code core.spi}.
 */
@NullMarked
package io.carillon.core.room;

import org.jspecify.annotations.NullMarked;
