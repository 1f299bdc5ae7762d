/**
 * Two-way links over any carrier: what comes in waits here in order and within bounds, is decoded
 * by the connection's {@link io.carillon.protocol.Codec} and handed to the commands of the core;
 * answers go back to the codec together with the command that they answer.
 *
 * <p>A carrier brings whole messages ({@link io.carillon.transport.duplex.DuplexLink#receive}) and
 * takes away what a {@link io.carillon.core.connection.FrameSink} is given. It may know this
 * package; this package knows no carrier, no protocol and no container.
 */
@NullMarked
package io.carillon.transport.duplex;

import org.jspecify.annotations.NullMarked;
