package io.carillon.socketio;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Some sockets of a namespace, on all instances: all of them, those in some rooms, those but some.
 * Immutable and thread-safe; each narrowing gives another one. An id of a socket is the name of a
 * room that it alone is in.
 */
public interface Broadcast {
  /** The sockets in at least one of these rooms, or of those named before. */
  Broadcast to(String... rooms);

  /** Without the sockets in any of these rooms. */
  Broadcast except(String... rooms);

  /** Without a socket. */
  Broadcast except(ClientSocket socket);

  /**
   * Emits an event that is kept: it is written to the log of each room that it goes to, reaches its
   * sockets on all instances in one order per room, and is among what a client gets that recovers.
   * The same socket gets it once, also if it is in several of the rooms. Returns at once.
   *
   * @param args anything that is JSON: null, strings, numbers, booleans, maps, lists, arrays,
   *     records, {@link Argument}, {@code JsonValue}, and what JSON-B maps; {@code byte[]} at any
   *     place of maps, lists, arrays and records
   * @return where it is, one of each room; fails with a {@link io.carillon.core.RefusedException}:
   *     it is not stored, or, with {@code unknown}, it may be
   * @throws IllegalArgumentException if the name is reserved, or what is emitted cannot be sent: it
   *     is no JSON, too large (64 KiB, or as set for the core's namespace {@code socket.io}), or
   *     holds too many attachments
   */
  CompletionStage<List<Emitted>> emit(String name, @Nullable Object... args);

  /**
   * Emits an event that is not kept: a socket whose link is slow or broken does not get it.
   *
   * @throws IllegalArgumentException as for {@link #emit}
   */
  void emitVolatile(String name, @Nullable Object... args);

  /**
   * Emits an event that is not kept, and collects an answer of each socket that there is now.
   *
   * @param timeout how long to wait; at most a minute
   * @return the answers in the order that they came in; fails with a {@link MissingAckException}
   *     that has the answers so far if not all came in time
   * @throws IllegalArgumentException as for {@link #emit}
   */
  CompletionStage<List<Arguments>> emitWithAck(
      Duration timeout, String name, @Nullable Object... args);

  /**
   * The sockets that there are now.
   *
   * @return fails with a {@link java.util.concurrent.TimeoutException} if an instance does not
   *     answer within 5 seconds
   */
  CompletionStage<List<RemoteSocket>> sockets();

  /** Lets the sockets that there are now join rooms. Returns at once; other instances follow. */
  void join(String... rooms);

  /** Lets the sockets that there are now leave rooms. Returns at once; other instances follow. */
  void leave(String... rooms);

  /**
   * Disconnects the sockets that there are now. Returns at once; other instances follow.
   *
   * @param close as for {@link ClientSocket#disconnect}
   */
  void disconnect(boolean close);
}
