/** Planted violations; see {@code ArchitectureTest}. */
@NullMarked
package io.carillon.architecture.planted.core.connection;

import org.jspecify.annotations.NullMarked;
