package io.carillon.protocol.pusher;

import io.carillon.core.CloseCode;

/**
 * Close code and message for Pusher clients: at 4000–4099 they do not reconnect, at 4100–4199 after
 * a second, at 4200–4299 at once.
 *
 * @param code of the close frame and of the error message before it
 * @param words human-readable reason
 */
record PusherEnd(int code, String words) {
  static final String NO_APP = "no such app";
  static final String DISABLED = "app disabled";
  static final String BAD_VERSION = "bad version";
  static final String UNSUPPORTED_VERSION = "unsupported version";
  static final String NO_VERSION = "no version";

  /** Maps a close code of the core. 4000 is never used: it makes clients use TLS for good. */
  static PusherEnd of(CloseCode code, String reason) {
    return switch (code) {
      case NORMAL, GOING_AWAY, RESTART, MOVED, TOKEN_EXPIRED ->
          new PusherEnd(4200, "Reconnect immediately");
      case OVERLOAD -> new PusherEnd(4100, "Over capacity");
      case HEARTBEAT_MISSED -> new PusherEnd(4201, "Pong reply not received in time");
      case UNAUTHENTICATED, FORBIDDEN -> new PusherEnd(4009, "Connection is unauthorized");
      case KICKED -> new PusherEnd(4009, "You have been disconnected by the app");
      case TOO_BIG -> new PusherEnd(CloseCode.TOO_BIG.code(), "Message too large");
      case PROTOCOL -> protocol(reason);
    };
  }

  private static PusherEnd protocol(String reason) {
    return switch (reason) {
      case NO_APP -> new PusherEnd(4001, "Application does not exist");
      case DISABLED -> new PusherEnd(4003, "Application disabled");
      case BAD_VERSION -> new PusherEnd(4006, "Invalid version string format");
      case UNSUPPORTED_VERSION -> new PusherEnd(4007, "Unsupported protocol version");
      case NO_VERSION -> new PusherEnd(4008, "No protocol version supplied");
      default -> new PusherEnd(4009, "The protocol is not kept");
    };
  }
}
