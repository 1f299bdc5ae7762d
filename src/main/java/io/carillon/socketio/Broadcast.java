package io.carillon.socketio;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Sockets of a namespace on all instances: all, those in some rooms, or all but some. Immutable and
 * thread-safe; each narrowing returns a new one. The id of a socket is the name of a room that only
 * this socket is in.
 */
public interface Broadcast {
  /** Sockets in at least one of these rooms, or of the rooms named before. */
  Broadcast to(String... rooms);

  /** The same without the sockets in any of these rooms. */
  Broadcast except(String... rooms);

  /** The same without this socket. */
  Broadcast except(ClientSocket socket);

  /**
   * Emits an event that is kept: it is written to the log of each room that it goes to, reaches its
   * sockets on all instances in one order per room, and is among what a client gets that recovers.
   * The same socket gets it once, also if it is in several of the rooms. Returns at once.
   *
   * @param args anything that is JSON: null, strings, numbers, booleans, maps, lists, arrays,
   *     records, {@link Argument}, {@code JsonValue}, and what JSON-B maps; {@code byte[]} at any
   *     place of maps, lists, arrays and records
   * @return position in each room; fails with a {@link io.carillon.core.RefusedException}: it is
   *     not stored, or, with {@code unknown}, it may be
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
   * Emits an event that is not kept, and collects an answer of each socket that is connected now.
   *
   * @param timeout how long to wait; at most a minute
   * @return the answers in the order that they came in; fails with a {@link MissingAckException}
   *     that has the answers so far if not all came in time
   * @throws IllegalArgumentException as for {@link #emit}
   */
  CompletionStage<List<Arguments>> emitWithAck(
      Duration timeout, String name, @Nullable Object... args);

  /**
   * Sockets that are connected now.
   *
   * @return fails with a {@link java.util.concurrent.TimeoutException} if an instance does not
   *     answer within 5 seconds
   */
  CompletionStage<List<RemoteSocket>> sockets();

  /**
   * Makes the sockets that are connected now join rooms. Returns at once; other instances follow.
   */
  void join(String... rooms);

  /**
   * Makes the sockets that are connected now leave rooms. Returns at once; other instances follow.
   */
  void leave(String... rooms);

  /**
   * Disconnects the sockets that are connected now. Returns at once; other instances follow.
   *
   * @param close as for {@link ClientSocket#disconnect}
   */
  void disconnect(boolean close);
}
