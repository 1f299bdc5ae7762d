/**
 * What tests and the one-command run need of the outside world: PostgreSQL, Liberty and their
 * processes; and, for the tests without I/O, a world in memory that does what it is told: a log, a
 * clock, an executor, an encoding and a carrier behind the seams of the core.
 *
 * <p>What starts the real thing knows nothing of Carillon but its configuration: variables, ports
 * and health. The world in memory knows the core's vocabulary and seams, no edge.
 */
@NullMarked
package io.carillon.kit;

import org.jspecify.annotations.NullMarked;
