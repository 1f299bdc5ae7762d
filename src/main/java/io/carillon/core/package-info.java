/**
 * The words of Carillon as types: rooms, cursors, events, signals, members, what a client may ask
 * for and what a server may answer.
 *
 * <p>Plain Java, validated in constructors, immutable. Knows nothing of JSON binding, containers,
 * SQL or any edge of the product.
 */
@NullMarked
package io.carillon.core;

import org.jspecify.annotations.NullMarked;
