package io.carillon.socketio;

/** Reason for the end of a socket. */
public enum DisconnectReason {
  /** The client has left the namespace. */
  CLIENT_DISCONNECT("client namespace disconnect"),
  /** {@link ClientSocket#disconnect} was called. */
  SERVER_DISCONNECT("server namespace disconnect"),
  /** The link is gone: closed by the client, or cut. */
  TRANSPORT_CLOSE("transport close"),
  /** The client was silent for too long. */
  PING_TIMEOUT("ping timeout"),
  /** The client sent something that is no packet. */
  PARSE_ERROR("parse error"),
  /** The server goes; clients come back elsewhere. */
  SERVER_SHUTTING_DOWN("server shutting down"),
  /** The server has ended it: kicked, token ended, too slow. */
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
