/**
 * Checks the guarantees of docs/guarantees.md against real servers: starts instances and PostgreSQL
 * as processes, breaks them, their network and their database while clients publish and read, and
 * judges what was seen. {@code mvn -Pfaults -Dfault=F1}.
 */
@NullMarked
package io.carillon.faults;

import org.jspecify.annotations.NullMarked;
