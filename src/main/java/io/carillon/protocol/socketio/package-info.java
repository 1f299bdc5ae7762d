/**
 * Socket.IO protocol 5 over Engine.IO protocol 4, for unmodified clients, with recovery of their
 * sessions on any instance.
 *
 * <p>A message of this protocol is one Engine.IO packet. What belongs to the carrier (which packet
 * ends a poll, several packets in one body, the upgrade to a socket) is the transport's.
 *
 * <p>Knows the vocabulary, the interfaces of {@code io.carillon.protocol} and two of the core's
 * interfaces to the world (credentials, sessions); no transport and no other protocol.
 */
@NullMarked
package io.carillon.protocol.socketio;

import org.jspecify.annotations.NullMarked;
