package io.carillon.fuzz;

import io.carillon.api.BodyParsers;
import io.carillon.backplane.postgres.DoorbellParsers;
import io.carillon.core.RefusedException;
import io.carillon.protocol.pusher.PusherParsers;
import io.carillon.protocol.socketio.PacketParsers;
import io.carillon.security.FieldParsers;
import io.carillon.transport.websocket.FrameParsers;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Parsers of what comes from outside. An input is taken or refused with a {@link RefusedException};
 * whatever else is thrown is a finding, and so is what a target finds wrong with the result.
 */
public enum FuzzTarget {
  /** Messages of {@code carillon.v1}. */
  CARILLON,
  /** JSON, which must be JSON for another parser too. */
  JSON,
  /** Positions, alone and in lists. */
  CURSOR,
  /** Encoded paths and queries. */
  URI,
  /** Bodies of Engine.IO's polls. */
  ENGINE,
  /** Packets of Socket.IO in text. */
  SOCKETIO,
  /** Packets of Socket.IO in MessagePack. */
  MSGPACK,
  /** Messages of Pusher's clients. */
  PUSHER,
  /** Calls of Pusher's servers: the query, a line end and the body. */
  PUSHER_CALL,
  /** Bodies of publishes, batches and CloudEvents. */
  BODY,
  /** Attributes of CloudEvents in headers, one in a line. */
  CLOUD_EVENT,
  /** What proxies say of a client: fields, one in a line. */
  FORWARDED,
  /** Media types, cookies, keys and what looks like a token. */
  FIELDS,
  /** Frames of WebSockets, as they are metered. */
  FRAMES,
  /** Notifications of the database. */
  DOORBELL;

  private static String text(byte[] input) {
    return new String(input, StandardCharsets.UTF_8);
  }

  /** Folder of its inputs below {@code src/test/resources/fuzz}. */
  String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Tries an input. */
  void take(byte[] input) {
    try {
      parse(input);
    } catch (RefusedException refused) {
      if (refused.rejection().code().status() >= 500) {
        throw new AssertionError("not the peer's fault, it is told", refused);
      }
    }
  }

  private void parse(byte[] input) {
    switch (this) {
      case CARILLON -> CoreParsers.carillon(input);
      case JSON -> CoreParsers.json(text(input));
      case CURSOR -> CoreParsers.cursors(text(input));
      case URI -> CoreParsers.uri(text(input));
      case ENGINE -> CoreParsers.engine(input);
      case SOCKETIO -> PacketParsers.text(text(input));
      case MSGPACK -> PacketParsers.packed(input);
      case PUSHER -> PusherParsers.message(text(input));
      case PUSHER_CALL -> PusherParsers.call(input);
      case BODY -> BodyParsers.bodies(text(input));
      case CLOUD_EVENT -> BodyParsers.cloudEvent(text(input));
      case FORWARDED -> FieldParsers.forwarded(text(input));
      case FIELDS -> FieldParsers.fields(text(input));
      case FRAMES -> FrameParsers.frames(input);
      case DOORBELL -> DoorbellParsers.notification(text(input));
    }
  }
}
