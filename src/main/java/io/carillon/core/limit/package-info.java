/**
 * Limits by connection, user, address, room, namespace and instance: token buckets for what is
 * asked in a time, counts for what is open, and the latest refusals. All of them are limits of one
 * instance.
 *
 * <p>Knows the vocabulary and {@code core.spi}; not connections, not rooms, no edge.
 */
@NullMarked
package io.carillon.core.limit;

import org.jspecify.annotations.NullMarked;
