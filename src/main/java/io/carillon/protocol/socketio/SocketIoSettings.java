package io.carillon.protocol.socketio;

import java.time.Duration;

/**
 * Settings of Socket.IO, as a client is told them and as they are kept here.
 *
 * @param pingInterval how often a client is pinged
 * @param pingTimeout how long it may take to answer
 * @param connectTimeout how long a connection may be open without a credential
 * @param away how long a session is kept for a client that is away; zero: none is
 * @param attachments most attachments of one packet, in both directions
 */
public record SocketIoSettings(
    Duration pingInterval,
    Duration pingTimeout,
    Duration connectTimeout,
    Duration away,
    int attachments) {
  /**
   * Pings every 20 s with 15 s to answer, 45 s for a credential, two minutes of recovery, and ten
   * attachments as in the parser of the original.
   */
  public static final SocketIoSettings DEFAULTS =
      new SocketIoSettings(
          Duration.ofSeconds(20),
          Duration.ofSeconds(15),
          Duration.ofSeconds(45),
          Duration.ofMinutes(2),
          10);
}
