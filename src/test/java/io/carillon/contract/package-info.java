/**
 * One abstract suite for each seam of {@code core.spi}: every implementation passes it, so the core
 * can rely on the duties and not on the carrier.
 */
package io.carillon.contract;
