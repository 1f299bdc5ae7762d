/** Planted violations; see {@code ArchitectureTest}. */
@NullMarked
package io.carillon.architecture.planted.store.jdbc;

import org.jspecify.annotations.NullMarked;
