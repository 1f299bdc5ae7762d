/** Planted violations; see {@code ArchitectureTest}. */
@NullMarked
package io.carillon.architecture.planted.core.room;

import org.jspecify.annotations.NullMarked;
