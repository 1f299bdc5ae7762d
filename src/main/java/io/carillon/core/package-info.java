/**
 * Vocabulary of Carillon as types: rooms, cursors, events, signals, members, the commands of
 * clients and the replies and deliveries of the server.
 *
 * <p>Plain Java, validated in constructors, immutable. Knows nothing of JSON binding, containers,
 * SQL or any edge of the product.
 */
@NullMarked
package io.carillon.core;

import org.jspecify.annotations.NullMarked;
