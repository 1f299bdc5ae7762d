/**
 * Pusher Channels protocol, versions 5 to 7, with its HTTP API and webhooks, for unmodified clients
 * and server libraries. A channel is a room of the application's namespace, a published event is an
 * event of the log, a client event a signal, a presence channel the presence of its room.
 *
 * <p>Knows the core and the interfaces of {@code protocol}; no other protocol and no carrier. The
 * wire was taken from the documentation and from what the client libraries of these protocols send.
 */
@NullMarked
package io.carillon.protocol.pusher;

import org.jspecify.annotations.NullMarked;
