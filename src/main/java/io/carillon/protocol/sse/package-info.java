/**
 * Server-sent events: deliveries as frames of {@code text/event-stream}.
 *
 * <p>Knows the vocabulary and the interfaces of {@code io.carillon.protocol}; no transport and no
 * other protocol.
 */
@NullMarked
package io.carillon.protocol.sse;

import org.jspecify.annotations.NullMarked;
