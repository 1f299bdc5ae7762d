/**
 * Who is present in a room: state and diffs, leases and grace.
 *
 * <p>Knows the vocabulary, {@code core.connection} and {@code core.spi}; not rooms.
 */
@NullMarked
package io.carillon.core.presence;

import org.jspecify.annotations.NullMarked;
