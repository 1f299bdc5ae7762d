/** Planted violations; see {@code ArchitectureTest}. */
@NullMarked
package io.carillon.architecture.planted.protocol.other;

import org.jspecify.annotations.NullMarked;
