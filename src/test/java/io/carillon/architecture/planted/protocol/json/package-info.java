/** Planted violations; see {@code ArchitectureTest}. */
@NullMarked
package io.carillon.architecture.planted.protocol.json;

import org.jspecify.annotations.NullMarked;
