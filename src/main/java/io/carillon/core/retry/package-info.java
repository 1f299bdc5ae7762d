/**
 * Pauses between the attempts at one thing, for every package that tries again.
 *
 * <p>Plain Java without a clock: nothing here waits. Knows nothing else of Carillon.
 */
@NullMarked
package io.carillon.core.retry;

import org.jspecify.annotations.NullMarked;
