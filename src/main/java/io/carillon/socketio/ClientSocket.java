package io.carillon.socketio;

import io.carillon.core.Identity;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One client in one namespace. Thread-safe. After the end nothing that is called here has an
 * effect. Rooms have names of any characters; names of the core's rooms are made of them.
 */
public interface ClientSocket {
  /** Id of the socket, which others may know; the client's {@code socket.id}. */
  String id();

  /** Identity by the client's token; null: it has shown none, and the namespace is anonymous. */
  @Nullable Identity identity();

  /** Name of the user, or null as for {@link #identity()}. */
  default @Nullable String user() {
    Identity identity = identity();
    return identity == null ? null : identity.user();
  }

  /** Handshake of the client. */
  Handshake handshake();

  /** Whether the client's session was recovered: id, rooms and data are those of before. */
  boolean recovered();

  /** Whether the socket has not ended. */
  boolean connected();

  /** Namespace of the socket. */
  LiveNamespace namespace();

  /**
   * Data of the application, as it was set last; a recovery brings it back.
   *
   * @return null: none was set
   * @throws IllegalArgumentException if it does not fit
   */
  <T> @Nullable T data(Class<T> type);

  /**
   * Keeps data of the application, at most 16 KiB as JSON. Blocks until it is stored.
   *
   * @param value what JSON-B maps; null: none
   * @throws io.carillon.core.RefusedException with {@code storage} if it cannot be stored
   */
  void data(@Nullable Object value);

  /** Rooms of the socket, without the one of its id. */
  Set<String> rooms();

  /**
   * Joins a room; one that is joined already is no error. Blocks: when it returns, everything that
   * is emitted to the room reaches the socket, and a recovery brings it back.
   *
   * @throws io.carillon.core.RefusedException with {@code bad_room} if the name is too long, with
   *     {@code limit} if it has too many rooms, with {@code storage} if it cannot be stored
   */
  void join(String room);

  /**
   * Leaves a room; one that is not joined is no error. Blocks: nothing that is emitted later
   * reaches it, and a recovery does not bring the room back.
   *
   * @throws io.carillon.core.RefusedException with {@code storage} if it cannot be stored
   */
  void leave(String room);

  /**
   * Emits an event over the current link. It is not kept: if the link breaks, it may be lost; what
   * must not be goes {@code namespace().to(id())}. A peer that does not read is closed.
   *
   * @param args as for {@link Broadcast#emit}, up to the largest packet (1,000,000 bytes)
   * @throws IllegalArgumentException as for {@link Broadcast#emit}
   */
  void emit(String name, @Nullable Object... args);

  /**
   * Emits an event unless the link is slow.
   *
   * @throws IllegalArgumentException as for {@link #emit}
   */
  void emitVolatile(String name, @Nullable Object... args);

  /**
   * Emits an event and waits for the client's answer, without blocking.
   *
   * @param timeout how long to wait
   * @return fails with a {@link MissingAckException} if there is no answer in time, if the socket
   *     ends, or if more than 1,000 answers are waited for
   * @throws IllegalArgumentException as for {@link #emit}
   */
  CompletionStage<Arguments> emitWithAck(Duration timeout, String name, @Nullable Object... args);

  /** Sockets in these rooms, without this one. */
  default Broadcast to(String... rooms) {
    return namespace().to(rooms).except(this);
  }

  /** Sockets of the namespace, without this one. */
  default Broadcast broadcast() {
    return namespace().except(this);
  }

  /**
   * Ends the socket: the client gets {@code io server disconnect} and does not come back by itself.
   *
   * @param close whether the whole connection is closed, with all its namespaces; the client gets
   *     {@code transport close} for the others and comes back
   */
  void disconnect(boolean close);
}
