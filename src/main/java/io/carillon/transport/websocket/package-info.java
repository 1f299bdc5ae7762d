/**
 * The WebSocket carrier: messages of any protocol in and out of a socket.
 *
 * <p>Out: one blocking write at a time a socket, and everything that waits in the next one; nothing
 * is written without credit, which the peer's pongs restore, so that no thread is held by a peer
 * that does not read. In: messages go to the link ({@code io.carillon.transport.duplex}), and a
 * peer that sends faster than it is served makes its own reads wait.
 *
 * <p>Knows the core, the interfaces of {@code io.carillon.protocol} and the link; no protocol, no
 * other transport, no security (the user principal of the handshake says who it is).
 */
@NullMarked
package io.carillon.transport.websocket;

import org.jspecify.annotations.NullMarked;
