/**
 * Two-way links over any carrier: received messages wait here in order and within bounds, are
 * decoded by the connection's {@link io.carillon.protocol.Codec} and executed as commands of the
 * core; each reply goes to the codec together with its command.
 *
 * <p>A carrier passes whole messages to {@link io.carillon.transport.duplex.DuplexLink#receive} and
 * sends the frames that its {@link io.carillon.core.connection.FrameSink} is given. Carriers know
 * this package; it knows no carrier, no protocol and no container.
 */
@NullMarked
package io.carillon.transport.duplex;

import org.jspecify.annotations.NullMarked;
