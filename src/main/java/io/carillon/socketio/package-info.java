/**
 * Interfaces that an application codes against to handle namespaces of Socket.IO: a CDI bean that
 * is annotated with {@link io.carillon.socketio.SocketNamespace} and implements {@link
 * io.carillon.socketio.NamespaceHandler} is what {@code io.of("/x").on("connection", …)} is on a
 * server in Node. Emits from elsewhere go through {@link io.carillon.socketio.SocketNamespaces},
 * which is injected. The guide is {@code docs/guests/socketio.md}.
 *
 * <p>Knows the vocabulary of the core and JSON-P; no protocol and no transport.
 */
@NullMarked
package io.carillon.socketio;

import org.jspecify.annotations.NullMarked;
