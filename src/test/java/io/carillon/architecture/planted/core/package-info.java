/** Planted violations; see {@code ArchitectureTest}. */
@NullMarked
package io.carillon.architecture.planted.core;

import org.jspecify.annotations.NullMarked;
