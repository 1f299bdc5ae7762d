/** Planted violations; see {@code ArchitectureTest}. */
@NullMarked
package io.carillon.architecture.planted.backplane.local;

import org.jspecify.annotations.NullMarked;
