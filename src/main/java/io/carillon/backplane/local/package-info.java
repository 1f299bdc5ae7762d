/**
 * A backplane inside one JVM: several instances share a {@link
 * io.carillon.backplane.local.LocalHub}. For tests, and for a server that is alone.
 */
@NullMarked
package io.carillon.backplane.local;

import org.jspecify.annotations.NullMarked;
