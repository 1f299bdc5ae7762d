/**
 * The three small things that every delivery goes through, alone on a warm machine: the encoder,
 * the reader of commands, and the outbox. Only these, for they do no I/O; whatever else is fast or
 * slow shows in the benchmarks with servers.
 *
 * <p>Knows the core and the protocol, no transport and no storage. {@link Main} runs them.
 */
@NullMarked
package io.carillon.bench.jmh;

import org.jspecify.annotations.NullMarked;
