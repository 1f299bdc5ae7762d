/**
 * Service provider interfaces of the core: log, backplane, stores, authorizer, probe. Each states
 * its duties (order, atomicity, ownership, threads); every implementation passes the one contract
 * suite of its interface.
 *
 * <p>Knows only the vocabulary of {@code io.carillon.core}.
 */
@NullMarked
package io.carillon.core.spi;

import org.jspecify.annotations.NullMarked;
