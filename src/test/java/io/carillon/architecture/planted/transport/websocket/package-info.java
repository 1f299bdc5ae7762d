/** Planted violations; see {@code ArchitectureTest}. */
@NullMarked
package io.carillon.architecture.planted.transport.websocket;

import org.jspecify.annotations.NullMarked;
