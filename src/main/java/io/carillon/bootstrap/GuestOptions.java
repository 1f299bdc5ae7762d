package io.carillon.bootstrap;

import static io.carillon.bootstrap.Option.flag;
import static io.carillon.bootstrap.Option.number;
import static io.carillon.bootstrap.Option.time;

import io.carillon.protocol.socketio.SocketIoSettings;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.Config;

/** Part of the list of settings that is about guests; see {@link Options#ALL}. */
final class GuestOptions {
  static final Option<Duration> PING_INTERVAL =
      time(
          "carillon.socketio.ping.interval",
          "PT20S",
          Duration.ofMillis(100),
          Duration.ofMinutes(5),
          "How often a Socket.IO client is pinged");
  static final Option<Duration> PING_TIMEOUT =
      time(
          "carillon.socketio.ping.timeout",
          "PT15S",
          Duration.ofMillis(100),
          Duration.ofMinutes(5),
          "How long it may take to answer");
  static final Option<Duration> CONNECT_TIMEOUT =
      time(
          "carillon.socketio.connect.timeout",
          "PT10S",
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          "How long a Socket.IO connection may be open without a credential");
  static final Option<Boolean> RECOVERY =
      flag(
          "carillon.socketio.recovery",
          true,
          "Whether Socket.IO clients get back what they missed while they were away");
  static final Option<Duration> RECOVERY_TIME =
      time(
          "carillon.socketio.recovery.time",
          "PT2M",
          Duration.ofSeconds(1),
          Duration.ofHours(24),
          "How long they may be away");

  static final Option<Integer> ATTACHMENTS =
      number(
          "carillon.socketio.attachments",
          10,
          0,
          1000,
          "Most attachments of one Socket.IO packet, in both directions; the library takes 10");

  static final List<Option<?>> ALL =
      List.of(PING_INTERVAL, PING_TIMEOUT, CONNECT_TIMEOUT, RECOVERY, RECOVERY_TIME, ATTACHMENTS);

  private GuestOptions() {}

  static SocketIoSettings socketIo(Config config) {
    Duration away = RECOVERY_TIME.of(config);
    return new SocketIoSettings(
        PING_INTERVAL.of(config),
        PING_TIMEOUT.of(config),
        CONNECT_TIMEOUT.of(config),
        RECOVERY.of(config) ? away : Duration.ZERO,
        ATTACHMENTS.of(config));
  }
}
