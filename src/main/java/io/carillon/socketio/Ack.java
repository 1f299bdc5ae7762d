package io.carillon.socketio;

import org.jspecify.annotations.Nullable;

/** Acknowledgement of one event of a client. Thread-safe; may be sent later, by any thread. */
public interface Ack {
  /** Whether the client asks for one. */
  boolean asked();

  /**
   * Answers; only the first answer counts.
   *
   * @param args as for {@link ClientSocket#emit}
   * @return false: nobody asked, it was answered before, or the socket has ended
   * @throws IllegalArgumentException if they cannot be sent
   */
  boolean send(@Nullable Object... args);
}
