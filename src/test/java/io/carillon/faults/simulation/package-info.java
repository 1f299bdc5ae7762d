/**
 * Histories as a faultless product would make them, by a small model of it in one thread and
 * virtual time: what the checker must pass, and what faults are planted in to see that it names
 * them. May know the history only: a model that asked the checker what is right would prove
 * nothing.
 */
@NullMarked
package io.carillon.faults.simulation;

import org.jspecify.annotations.NullMarked;
