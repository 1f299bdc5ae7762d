/**
 * Seams of the core: a log, a backplane, a store for presence, an authorizer, a probe. Interfaces
 * state duties (order, atomicity, who closes, which thread); every implementation passes the one
 * contract suite of its interface.
 *
 * <p>Knows only the vocabulary of {@code io.carillon.core}.
 */
@NullMarked
package io.carillon.core.spi;

import org.jspecify.annotations.NullMarked;
