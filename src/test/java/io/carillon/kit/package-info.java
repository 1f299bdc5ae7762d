/**
 * What tests and the one-command run need of the outside world: PostgreSQL, Liberty and their
 * processes.
 *
 * <p>Everything here starts the real thing and knows nothing of Carillon but its configuration:
 * variables, ports and health. It never reaches into the application.
 */
@NullMarked
package io.carillon.kit;

import org.jspecify.annotations.NullMarked;
