/**
 * Rooms: the front door ({@link io.carillon.core.room.Rooms}), the sequencer, and the one path by
 * which new, resumed and lagging readers catch up with the log.
 *
 * <p>Lock order: a room's lock, then an outbox's lock; never the other way round, never two rooms'
 * locks at a time. No lock is held while a log, a backplane or a carrier is called. Ending a
 * connection takes the locks of its rooms one after another, so nothing that is done under a room's
 * lock may end one.
 *
 * <p>Knows the vocabulary, {@code core.connection}, {@code core.presence} and {@code core.spi}.
 */
@NullMarked
package io.carillon.core.room;

import org.jspecify.annotations.NullMarked;
