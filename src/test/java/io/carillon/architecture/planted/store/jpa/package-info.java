/** Planted violations; see {@code ArchitectureTest}. */
@NullMarked
package io.carillon.architecture.planted.store.jpa;

import org.jspecify.annotations.NullMarked;
