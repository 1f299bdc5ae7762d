/**
 * {@code carillon.v1}: commands, answers and deliveries as JSON objects in text messages.
 *
 * <p>Knows the vocabulary and the interfaces of {@code io.carillon.protocol}; no transport and no
 * other protocol.
 */
@NullMarked
package io.carillon.protocol.json;

import org.jspecify.annotations.NullMarked;
