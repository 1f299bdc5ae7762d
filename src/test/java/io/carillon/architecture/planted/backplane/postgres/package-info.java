/** Planted violations; see {@code ArchitectureTest}. */
@NullMarked
package io.carillon.architecture.planted.backplane.postgres;

import org.jspecify.annotations.NullMarked;
