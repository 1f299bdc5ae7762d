package io.carillon.protocol.socketio;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.json.JsonText;

/** Targets for inputs that nobody would write by hand: packets of Socket.IO. */
public final class PacketParsers {
  private static final int MOST_ATTACHMENTS = 10;

  private PacketParsers() {}

  /** A packet in text. */
  public static void text(String text) {
    SocketIoPacket packet = SocketIoPacket.read(text, 0, MOST_ATTACHMENTS);
    assertTrue(packet.attachments() <= MOST_ATTACHMENTS);
    if (packet.holdsHalfCharacters()) {
      packet.withoutHalves().elements();
    }
    if (packet.type() != SocketIoPacket.Type.CONNECT) {
      packet.elements();
    }
  }

  /** A packet in MessagePack, whose payload is JSON afterwards. */
  public static void packed(byte[] bytes) {
    PackedPackets.Unpacked unpacked =
        new PackedPackets(new JsonMapping(), MOST_ATTACHMENTS).read(bytes);
    assertTrue(unpacked.attachments().size() <= MOST_ATTACHMENTS);
    String payload = unpacked.packet().payload();
    if (payload != null && !unpacked.packet().holdsHalfCharacters()) {
      try {
        JsonText.check(payload, 2 * JsonText.MAX_DEPTH + 2, ErrorCode.BAD_FRAME);
      } catch (RefusedException notJson) {
        throw new AssertionError(payload, notJson);
      }
    }
  }
}
