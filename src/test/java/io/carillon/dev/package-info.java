/**
 * The one-command run: an embedded PostgreSQL that keeps its data and one or more servers over it.
 *
 * <p>Started by the build's default goal as a process of its own, because the build tool may run on
 * an older JDK. Not part of the product.
 */
@NullMarked
package io.carillon.dev;

import org.jspecify.annotations.NullMarked;
