/**
 * One live connection of one client over any transport: its send queue, its heartbeat, and the
 * seams to the encoding ({@link io.carillon.core.connection.FrameEncoder}) and the carrier ({@link
 * io.carillon.core.connection.FrameSink}).
 *
 * <p>Knows the vocabulary and {@code core.spi}; not rooms, not presence, no edge.
 */
@NullMarked
package io.carillon.core.connection;

import org.jspecify.annotations.NullMarked;
