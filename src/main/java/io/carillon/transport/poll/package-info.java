/**
 * The carrier of two-way links for those whose sockets do not come through: a GET waits for the
 * server's messages, a POST brings the peer's. The link behind it is that of a socket ({@code
 * io.carillon.transport.duplex}).
 *
 * <p>Loss: what a GET was answered with counts as told. A peer that did not get the answer loses
 * it, as with a socket that is cut, and comes back with its cursors.
 *
 * <p>Knows the core, the interfaces of {@code io.carillon.protocol} and the link; no protocol, no
 * other transport, no security (the user principal of the request says who it is). No protocol of
 * the product is carried so by itself: for one that is, map a {@link
 * io.carillon.transport.poll.PollServlet}.
 */
@NullMarked
package io.carillon.transport.poll;

import org.jspecify.annotations.NullMarked;
