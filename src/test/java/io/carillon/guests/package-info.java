/** Unmodified clients and server libraries of other systems against real servers. */
@NullMarked
package io.carillon.guests;

import org.jspecify.annotations.NullMarked;
