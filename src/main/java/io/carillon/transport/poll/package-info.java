/**
 * The carrier of two-way links for those whose sockets do not come through: a GET waits for the
 * server's messages, a POST brings the peer's. The link behind it is that of a socket ({@code
 * io.carillon.transport.duplex}).
 *
 * <p>Loss: what a GET was answered with counts as told. A peer that did not get the answer loses
 * it, as with a socket that is cut, and comes back with its cursors.
 *
 * <p>Two servlets: {@link io.carillon.transport.poll.PollServlet} for whoever maps it at the path
 * of a protocol, and {@link io.carillon.transport.poll.EngineServlet} for protocols that Engine.IO
 * carries, whose links may also begin on a socket or move to one.
 *
 * <p>Knows the core, the interfaces of {@code io.carillon.protocol} and the link; no protocol, no
 * other transport, no security (the user principal of the request says who it is).
 */
@NullMarked
package io.carillon.transport.poll;

import org.jspecify.annotations.NullMarked;
