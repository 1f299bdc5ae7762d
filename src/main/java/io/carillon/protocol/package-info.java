/**
 * How bytes of a client become {@link io.carillon.core.Command}s and how deliveries and replies
 * become frames. Transports know these interfaces only; each protocol lives in a package of its own
 * and is a stranger to the others.
 */
@NullMarked
package io.carillon.protocol;

import org.jspecify.annotations.NullMarked;
