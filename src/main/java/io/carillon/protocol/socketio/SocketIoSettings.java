package io.carillon.protocol.socketio;

import java.time.Duration;

/**
 * Settings of Socket.IO connections.
 *
 * @param pingInterval interval of the server's pings
 * @param pingTimeout time for a client to answer a ping
 * @param connectTimeout longest time that a connection may be open without a credential
 * @param away how long a session is kept for a client that is away; zero: sessions are not kept
 * @param attachments maximum number of attachments of a packet, in both directions
 */
public record SocketIoSettings(
    Duration pingInterval,
    Duration pingTimeout,
    Duration connectTimeout,
    Duration away,
    int attachments) {
  /**
   * Pings every 20 s with 15 s to answer, 10 s for a credential, two minutes of recovery, and ten
   * attachments as in the parser of the original.
   */
  public static final SocketIoSettings DEFAULTS =
      new SocketIoSettings(
          Duration.ofSeconds(20),
          Duration.ofSeconds(15),
          Duration.ofSeconds(10),
          Duration.ofMinutes(2),
          10);
}
