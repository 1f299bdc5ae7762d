/** Calls from one instance to all of them. */
@NullMarked
package io.carillon.core.cluster;

import org.jspecify.annotations.NullMarked;
