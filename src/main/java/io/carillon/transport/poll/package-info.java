/**
 * Two-way links over long polls, for peers whose WebSockets are blocked: a GET waits for messages
 * of the server, a POST sends those of the peer. The link is the same as over a socket ({@code
 * io.carillon.transport.duplex}).
 *
 * <p>Loss: messages count as delivered once a GET is answered with them. A peer that does not
 * receive the answer has lost them, as with a broken socket, and resumes from its cursors.
 *
 * <p>Two servlets: {@link io.carillon.transport.poll.PollServlet}, to be mapped at the path of any
 * protocol, and {@link io.carillon.transport.poll.EngineServlet} for protocols over Engine.IO,
 * whose links may also begin on a socket or move to one.
 *
 * <p>A poll of an Engine.IO session that another instance holds is handed to that one ({@link
 * io.carillon.transport.poll.HolderFilter}), which knows such requests by their seal ({@link
 * io.carillon.transport.poll.HopEntrance}).
 *
 * <p>Knows the core, the interfaces of {@code io.carillon.protocol} and the link; no protocol, no
 * other transport, no security (the request's user principal is the identity).
 */
@NullMarked
package io.carillon.transport.poll;

import org.jspecify.annotations.NullMarked;
