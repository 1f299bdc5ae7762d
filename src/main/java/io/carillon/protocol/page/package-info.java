/**
 * Pages of events as JSON: history and the answers of long polls.
 *
 * <p>Knows the vocabulary and the interfaces of {@code io.carillon.protocol}; no transport and no
 * other protocol.
 */
@NullMarked
package io.carillon.protocol.page;

import org.jspecify.annotations.NullMarked;
