package io.carillon.core;

/**
 * Reason for which a server closes a connection. 4000–4499 mean come back, 4500–4999 mean stay
 * away.
 */
public enum CloseCode {
  /** The peer or the server ended it in order. */
  NORMAL(1000),
  /** The server goes away; come back elsewhere. */
  GOING_AWAY(1001),
  /** A message was larger than the limit. */
  TOO_BIG(1009),
  /** The server restarts; come back soon. */
  RESTART(1012),
  /** The server is overloaded, or the peer is too slow. */
  OVERLOAD(1013),
  /** No frame from the peer in time. */
  HEARTBEAT_MISSED(4001),
  /** The token ended; get a new one first. */
  TOKEN_EXPIRED(4002),
  /** The connection should be made anew, perhaps elsewhere. */
  MOVED(4003),
  /** The peer does not speak the protocol. */
  PROTOCOL(4500),
  /** No valid credential. */
  UNAUTHENTICATED(4501),
  /** The credential does not give the right. */
  FORBIDDEN(4503),
  /** Kicked or revoked. */
  KICKED(4504);

  private final int code;

  CloseCode(int code) {
    this.code = code;
  }

  /** The WebSocket close code. */
  public int code() {
    return code;
  }

  /** Whether the peer has no right any more to what is still queued for it. */
  public boolean rightLost() {
    return switch (this) {
      case TOKEN_EXPIRED, UNAUTHENTICATED, FORBIDDEN, KICKED -> true;
      case NORMAL, GOING_AWAY, TOO_BIG, RESTART, OVERLOAD -> false;
      case HEARTBEAT_MISSED, MOVED, PROTOCOL -> false;
    };
  }
}
