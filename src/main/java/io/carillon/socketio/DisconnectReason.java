package io.carillon.socketio;

/** Reason for the end of a socket. */
public enum DisconnectReason {
  /** The client has left the namespace. */
  CLIENT_DISCONNECT("client namespace disconnect"),
  /** {@link ClientSocket#disconnect} was called. */
  SERVER_DISCONNECT("server namespace disconnect"),
  /** The link was closed by the client, or has broken. */
  TRANSPORT_CLOSE("transport close"),
  /** The client was silent for too long. */
  PING_TIMEOUT("ping timeout"),
  /** The client sent a malformed packet. */
  PARSE_ERROR("parse error"),
  /** The server is shutting down; clients come back elsewhere. */
  SERVER_SHUTTING_DOWN("server shutting down"),
  /**
   * The server has closed the link: a kick, an ended token, a client that is too slow or sends too
   * much.
   */
  FORCED_SERVER_CLOSE("forced server close");

  private final String text;

  DisconnectReason(String text) {
    this.text = text;
  }

  /** The reason as a Socket.IO server in Node words it. */
  public String text() {
    return text;
  }
}
