/**
 * The REST side of Carillon under {@code /api}: publish, signals, rooms, members, tickets, the
 * operators' calls, and publishing inside a transaction for code of the same application.
 *
 * <p>Resources are thin: they read the request, ask {@code core.room} or a seam of {@code
 * core.spi}, and write the answer. No resource decides a right that the core decides; bodies of
 * events are passed on as the text that came. Reading events (history, long poll, streams) is
 * {@code transport.http}'s. Knows the vocabulary, {@code core.json}, {@code core.connection},
 * {@code core.room} and {@code core.spi}; no protocol, no store, no token.
 */
@NullMarked
package io.carillon.api;

import org.jspecify.annotations.NullMarked;
