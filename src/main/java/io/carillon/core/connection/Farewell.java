package io.carillon.core.connection;

import io.carillon.core.CloseCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Last frames and close code of a connection that ends, in the words of its protocol.
 *
 * @param last the last frames, in order
 * @param code what the carrier is closed with, where it has such codes
 * @param reason the words for it, at most {@value #MAX_REASON} bytes
 */
public record Farewell(List<Frame> last, int code, String reason) {
  /** The most bytes of a reason that a WebSocket can tell. */
  public static final int MAX_REASON = 123;

  /** Copies the list. */
  public Farewell {
    last = List.copyOf(last);
  }

  /** With the code and the words of the core. */
  public static Farewell of(CloseCode code, String reason, @Nullable Frame last) {
    return new Farewell(last == null ? List.of() : List.of(last), code.code(), reason);
  }
}
