package io.carillon.protocol.socketio;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import io.carillon.protocol.Message;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/**
 * Packets of {@code socket.io-msgpack-parser}: each is one map of {@code type}, {@code nsp}, {@code
 * data} and {@code id} in MessagePack, in one message of bytes, with the bytes in their places.
 * They are turned into packets of JSON with attachments, and back. Stateless.
 *
 * <p>Dates become the text that JSON has for them, {@code undefined}, NaN and infinities become
 * null; other extensions are refused.
 */
final class PackedPackets {
  private static final int MAX_DEPTH = 2 * JsonText.MAX_DEPTH;
  private static final int MAX_ID_DIGITS = 15;

  /**
   * The extension of the library's encoder: of one byte it is {@code undefined}, of eight a date,
   * of a length that is written what a browser has as bytes.
   */
  private static final byte OWN_EXTENSION = 0;

  /** The extension of MessagePack for moments. */
  private static final byte TIMESTAMP = -1;

  private final JsonMapping mapping;
  private final int maxAttachments;

  PackedPackets(JsonMapping mapping, int maxAttachments) {
    this.mapping = mapping;
    this.maxAttachments = maxAttachments;
  }

  /** A packet and its attachments. */
  record Unpacked(SocketIoPacket packet, List<byte[]> attachments) {}

  // ---- reading
  // -----------------------------------------------------------------------------------

  /**
   * Reads a packet.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_FRAME} if it is none
   */
  Unpacked read(byte[] bytes) {
    try (MessageUnpacker in = MessagePack.newDefaultUnpacker(bytes)) {
      Unpacked packet = packet(in);
      if (in.hasNext()) {
        throw bad();
      }
      return packet;
    } catch (MessagePackException | IOException malformed) {
      throw bad();
    }
  }

  private Unpacked packet(MessageUnpacker in) throws IOException {
    int type = -1;
    String namespace = "";
    String id = null;
    String data = null;
    List<byte[]> attachments = new ArrayList<>(0);
    int members = in.unpackMapHeader();
    for (int i = 0; i < members; i++) {
      switch (in.unpackString()) {
        case "type" -> type = in.unpackInt();
        case "nsp" -> namespace = in.unpackString();
        case "id" -> id = id(json(in, attachments));
        case "data" -> data = json(in, attachments);
        default -> in.skipValue();
      }
    }
    if (attachments.size() > maxAttachments || !namespace.startsWith("/")) {
      throw bad();
    }
    String payload = data == null || data.equals("null") ? null : data;
    SocketIoPacket packet =
        new SocketIoPacket(
                type(type, !attachments.isEmpty()), attachments.size(), namespace, id, payload)
            .checked();
    return new Unpacked(packet, List.copyOf(attachments));
  }

  private static SocketIoPacket.Type type(int number, boolean binary) {
    SocketIoPacket.Type type = SocketIoPacket.Type.of(number);
    return switch (type) {
      case EVENT -> binary ? SocketIoPacket.Type.BINARY_EVENT : type;
      case ACK -> binary ? SocketIoPacket.Type.BINARY_ACK : type;
      case CONNECT, DISCONNECT, CONNECT_ERROR -> type;
      case BINARY_EVENT, BINARY_ACK -> throw bad();
    };
  }

  private static @Nullable String id(String json) {
    if (json.equals("null")) {
      return null;
    }
    boolean digits = json.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || json.length() > MAX_ID_DIGITS) {
      throw bad();
    }
    return json;
  }

  private static String json(MessageUnpacker in, List<byte[]> attachments) throws IOException {
    JsonWriter out = new JsonWriter(new StringBuilder(64));
    value(in, out, attachments, 0);
    return out.toString();
  }

  private static void value(MessageUnpacker in, JsonWriter out, List<byte[]> attachments, int depth)
      throws IOException {
    if (depth > MAX_DEPTH) {
      throw bad();
    }
    MessageFormat format = in.getNextFormat();
    switch (format.getValueType()) {
      case NIL -> {
        in.unpackNil();
        out.raw("null");
      }
      case BOOLEAN -> out.bool(in.unpackBoolean());
      case INTEGER -> out.raw(in.unpackBigInteger().toString());
      case FLOAT -> {
        double number = in.unpackDouble();
        out.raw(Double.isFinite(number) ? Double.toString(number) : "null");
      }
      case STRING -> out.string(in.unpackString());
      case BINARY -> bytes(in.readPayload(in.unpackBinaryHeader()), out, attachments);
      case ARRAY -> {
        out.beginArray();
        int size = in.unpackArrayHeader();
        for (int i = 0; i < size; i++) {
          value(in, out, attachments, depth + 1);
        }
        out.endArray();
      }
      case MAP -> {
        out.beginObject();
        int size = in.unpackMapHeader();
        for (int i = 0; i < size; i++) {
          out.name(in.unpackString());
          value(in, out, attachments, depth + 1);
        }
        out.endObject();
      }
      case EXTENSION -> extension(in, format, out, attachments);
    }
  }

  private static void extension(
      MessageUnpacker in, MessageFormat format, JsonWriter out, List<byte[]> attachments)
      throws IOException {
    ExtensionTypeHeader header = in.unpackExtensionTypeHeader();
    if (header.getType() == TIMESTAMP) {
      out.string(in.unpackTimestamp(header).toString());
      return;
    }
    if (header.getType() != OWN_EXTENSION) {
      throw bad();
    }
    byte[] payload = in.readPayload(header.getLength());
    switch (format) {
      case FIXEXT1 -> out.raw("null");
      case FIXEXT8 ->
          out.string(Instant.ofEpochMilli(ByteBuffer.wrap(payload).getLong()).toString());
      case EXT8, EXT16, EXT32 -> bytes(payload, out, attachments);
      default -> throw bad();
    }
  }

  private static void bytes(byte[] bytes, JsonWriter out, List<byte[]> attachments) {
    out.raw("{\"_placeholder\":true,\"num\":" + attachments.size() + '}');
    attachments.add(bytes);
  }

  // ---- writing
  // -----------------------------------------------------------------------------------

  /** The same messages with one of bytes in place of each packet and its attachments. */
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

  private static RefusedException bad() {
    return new RefusedException(ErrorCode.BAD_FRAME);
  }
}
