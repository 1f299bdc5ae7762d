/** Planted violations; see {@code ArchitectureTest}. */
@NullMarked
package io.carillon.architecture.planted.core.presence;

import org.jspecify.annotations.NullMarked;
