/** Tests of what is measured: no I/O, clocks that are moved by hand. */
@NullMarked
package io.carillon.observability;

import org.jspecify.annotations.NullMarked;
