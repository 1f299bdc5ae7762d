/**
 * Carriers of doorbells, signals and control signals between instances: one package for each kind
 * of carrier, all behind {@link io.carillon.core.spi.Backplane} and all through the same contract
 * suite.
 *
 * <p>Knows {@code core} and {@code core.spi}; carriers do not know each other.
 */
@NullMarked
package io.carillon.backplane;

import org.jspecify.annotations.NullMarked;
