/** Planted violations; see {@code ArchitectureTest}. */
@NullMarked
package io.carillon.architecture.planted.security;

import org.jspecify.annotations.NullMarked;
