/** Planted violations; see {@code ArchitectureTest}. */
@NullMarked
package io.carillon.architecture.planted.transport.http;

import org.jspecify.annotations.NullMarked;
