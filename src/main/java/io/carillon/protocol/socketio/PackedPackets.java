package io.carillon.protocol.socketio;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.protocol.Message;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/**
 * Packets of {@code socket.io-msgpack-parser}: each is one map of {@code type}, {@code nsp}, {@code
 * data} and {@code id} in MessagePack, in one message of bytes, with the bytes in their places.
 * They are turned into packets of JSON with attachments, and back. Stateless.
 *
 * <p>Dates become the text that JSON has for them, {@code undefined}, NaN and infinities become
 * null; other extensions are refused.
 */
final class PackedPackets {
  private final JsonMapping mapping;
  private final int maxAttachments;

  PackedPackets(JsonMapping mapping, int maxAttachments) {
    this.mapping = mapping;
    this.maxAttachments = maxAttachments;
  }

  /** A packet and its attachments. */
  record Unpacked(SocketIoPacket packet, List<byte[]> attachments) {}

  /**
   * Reads a packet.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_FRAME} if it is none
   */
  Unpacked read(byte[] bytes) {
    return PackedReader.read(bytes, maxAttachments);
  }

  /** Messages with one of bytes in place of each packet and its attachments. */
  List<Message> write(List<Message> messages) {
    List<Message> out = new ArrayList<>(messages.size());
    int at = 0;
    while (at < messages.size()) {
      Message next = messages.get(at);
      at++;
      if (next instanceof Message.Text text && text.text().startsWith("4")) {
        SocketIoPacket packet = SocketIoPacket.parse(text.text(), 1, Integer.MAX_VALUE);
        List<byte[]> attachments = new ArrayList<>(packet.attachments());
        for (int i = 0; i < packet.attachments(); i++) {
          attachments.add(((Message.Bytes) messages.get(at)).bytes());
          at++;
        }
        out.add(new Message.Bytes(packed(packet, attachments)));
      } else {
        out.add(next);
      }
    }
    return out;
  }

  private byte[] packed(SocketIoPacket packet, List<byte[]> attachments) {
    try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
      String payload = packet.payload();
      String id = packet.id();
      out.packMapHeader(2 + (payload == null ? 0 : 1) + (id == null ? 0 : 1));
      out.packString("type").packInt(number(packet.type()));
      out.packString("nsp").packString(packet.namespace());
      if (id != null) {
        out.packString("id").packLong(Long.parseLong(id));
      }
      if (payload != null) {
        out.packString("data");
        pack(out, mapping.tree(payload), attachments);
      }
      return out.toByteArray();
    } catch (IOException inMemory) {
      throw new IllegalStateException(inMemory);
    }
  }

  private static int number(SocketIoPacket.Type type) {
    return switch (type) {
      case BINARY_EVENT -> SocketIoPacket.Type.EVENT.number();
      case BINARY_ACK -> SocketIoPacket.Type.ACK.number();
      case CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR -> type.number();
    };
  }

  private static void pack(MessageBufferPacker out, JsonValue value, List<byte[]> attachments)
      throws IOException {
    int place = JsonMapping.placeholder(value, attachments.size());
    if (place >= 0) {
      byte[] bytes = attachments.get(place);
      out.packBinaryHeader(bytes.length).writePayload(bytes);
      return;
    }
    switch (value) {
      case JsonObject object -> {
        out.packMapHeader(object.size());
        for (Map.Entry<String, JsonValue> member : object.entrySet()) {
          out.packString(member.getKey());
          pack(out, member.getValue(), attachments);
        }
      }
      case JsonArray array -> {
        out.packArrayHeader(array.size());
        for (JsonValue element : array) {
          pack(out, element, attachments);
        }
      }
      case JsonString string -> out.packString(string.getString());
      case JsonNumber number -> pack(out, number);
      default -> {
        switch (value.getValueType()) {
          case TRUE -> out.packBoolean(true);
          case FALSE -> out.packBoolean(false);
          default -> out.packNil();
        }
      }
    }
  }

  private static void pack(MessageBufferPacker out, JsonNumber number) throws IOException {
    BigInteger whole = number.isIntegral() ? number.bigIntegerValue() : null;
    if (whole != null && whole.bitLength() < Long.SIZE) {
      out.packLong(whole.longValue());
    } else {
      out.packDouble(number.doubleValue());
    }
  }
}
