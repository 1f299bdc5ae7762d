/**
 * Text of paths and queries as it stands in a request, for every edge that reads one itself.
 *
 * <p>Plain Java. Knows of Carillon the error codes alone.
 */
@NullMarked
package io.carillon.core.uri;

import org.jspecify.annotations.NullMarked;
