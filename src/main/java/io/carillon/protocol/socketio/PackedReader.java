package io.carillon.protocol.socketio;

import io.carillon.core.ErrorCode;
import io.carillon.core.RefusedException;
import io.carillon.core.json.JsonText;
import io.carillon.core.json.JsonWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/**
 * Reader of one packet of {@code socket.io-msgpack-parser}. A header that claims more bytes than
 * the message has left is refused before anything is allocated. For one thread.
 */
final class PackedReader {
  private static final int MAX_DEPTH = 2 * JsonText.MAX_DEPTH;
  private static final int MAX_ID_DIGITS = 15;

  /**
   * Extension of the library's encoder: {@code undefined} with one byte, a date with eight, the
   * bytes of an {@code ArrayBuffer} with a written length.
   */
  private static final byte OWN_EXTENSION = 0;

  /** Timestamp extension of MessagePack. */
  private static final byte TIMESTAMP = -1;

  private final MessageUnpacker in;
  private final int size;
  private final List<byte[]> attachments = new ArrayList<>(0);

  private PackedReader(MessageUnpacker in, int size) {
    this.in = in;
    this.size = size;
  }

  /**
   * Reads a packet.
   *
   * @throws RefusedException with {@link ErrorCode#BAD_FRAME} if it is none
   */
  static PackedPackets.Unpacked read(byte[] bytes, int maxAttachments) {
    try (MessageUnpacker in = MessagePack.newDefaultUnpacker(bytes)) {
      PackedPackets.Unpacked packet = new PackedReader(in, bytes.length).packet(maxAttachments);
      if (in.hasNext()) {
        throw bad();
      }
      return packet;
    } catch (MessagePackException | IOException malformed) {
      throw bad();
    }
  }

  private PackedPackets.Unpacked packet(int maxAttachments) throws IOException {
    int type = -1;
    String namespace = "";
    String id = null;
    String data = null;
    int members = in.unpackMapHeader();
    for (int i = 0; i < members; i++) {
      switch (string()) {
        case "type" -> type = in.unpackInt();
        case "nsp" -> namespace = string();
        case "id" -> id = id(json());
        case "data" -> data = json();
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
    return new PackedPackets.Unpacked(packet, List.copyOf(attachments));
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

  private String json() throws IOException {
    JsonWriter out = new JsonWriter(new StringBuilder(64));
    value(out, 0);
    return out.toString();
  }

  private void value(JsonWriter out, int depth) throws IOException {
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
      case STRING -> out.string(string());
      case BINARY -> bytes(payload(in.unpackBinaryHeader()), out);
      case ARRAY -> {
        out.beginArray();
        int size = in.unpackArrayHeader();
        for (int i = 0; i < size; i++) {
          value(out, depth + 1);
        }
        out.endArray();
      }
      case MAP -> {
        out.beginObject();
        int size = in.unpackMapHeader();
        for (int i = 0; i < size; i++) {
          out.name(string());
          value(out, depth + 1);
        }
        out.endObject();
      }
      case EXTENSION -> extension(format, out);
    }
  }

  private void extension(MessageFormat format, JsonWriter out) throws IOException {
    ExtensionTypeHeader header = in.unpackExtensionTypeHeader();
    if (header.getType() == TIMESTAMP) {
      out.string(in.unpackTimestamp(header).toString());
      return;
    }
    if (header.getType() != OWN_EXTENSION) {
      throw bad();
    }
    byte[] payload = payload(header.getLength());
    switch (format) {
      case FIXEXT1 -> out.raw("null");
      case FIXEXT8 ->
          out.string(Instant.ofEpochMilli(ByteBuffer.wrap(payload).getLong()).toString());
      case EXT8, EXT16, EXT32 -> bytes(payload, out);
      default -> throw bad();
    }
  }

  private void bytes(byte[] bytes, JsonWriter out) {
    out.raw("{\"_placeholder\":true,\"num\":" + attachments.size() + '}');
    attachments.add(bytes);
  }

  private String string() throws IOException {
    return new String(payload(in.unpackRawStringHeader()), StandardCharsets.UTF_8);
  }

  private byte[] payload(int length) throws IOException {
    if (length > size - in.getTotalReadBytes()) {
      throw bad();
    }
    return in.readPayload(length);
  }

  private static RefusedException bad() {
    return new RefusedException(ErrorCode.BAD_FRAME);
  }
}
