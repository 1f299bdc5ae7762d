/** Planted violations; see {@code ArchitectureTest}. */
@NullMarked
package io.carillon.architecture.planted.api;

import org.jspecify.annotations.NullMarked;
