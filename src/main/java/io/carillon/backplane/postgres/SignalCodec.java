package io.carillon.backplane.postgres;

import io.carillon.core.Content;
import io.carillon.core.EventName;
import io.carillon.core.RefusedException;
import io.carillon.core.RoomName;
import io.carillon.core.Signal;
import io.carillon.core.spi.Backplane.Control;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Binary encoding of signals and control signals: a kind, then the fields, each with its length.
 * Read only after the seal was found good, so what is wrong here is another version's.
 */
final class SignalCodec {
  private static final int SIGNAL = 1;
  private static final int KICK = 2;

  /** A signal of bytes: a kind of its own, which instances of the version before drop. */
  private static final int BYTES = 3;

  private SignalCodec() {}

  static byte[] write(Signal signal) {
    return bytes(
        out -> {
          out.writeByte(signal.content() instanceof Content.Binary ? BYTES : SIGNAL);
          text(out, signal.room().value());
          text(out, signal.name().value());
          switch (signal.content()) {
            case Content.Json(String json) -> text(out, json);
            case Content.Binary bytes -> part(out, bytes.toArray());
          }
          text(out, signal.by());
          text(out, signal.from());
          optional(out, signal.to());
        });
  }

  static byte[] write(Control control) {
    return bytes(
        out -> {
          switch (control) {
            case Control.Kick(String user, Instant issuedBefore) -> {
              out.writeByte(KICK);
              text(out, user);
              optional(out, issuedBefore == null ? null : issuedBefore.toString());
            }
          }
        });
  }

  /** Visitor of the decoded messages. */
  interface SignalVisitor {
    void signal(Signal signal);

    void control(Control control);
  }

  /**
   * Reads what one of the {@code write} methods wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static void read(byte[] bytes, SignalVisitor visitor) {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      switch (in.readByte()) {
        case SIGNAL -> visitor.signal(signal(in, false));
        case BYTES -> visitor.signal(signal(in, true));
        case KICK -> {
          String user = text(in);
          String before = optional(in);
          visitor.control(new Control.Kick(user, before == null ? null : Instant.parse(before)));
        }
        default -> throw new IllegalArgumentException("unknown signal");
      }
    } catch (IOException | RefusedException | DateTimeException e) {
      throw new IllegalArgumentException("not a signal of this version", e);
    }
  }

  private static Signal signal(DataInputStream in, boolean bytes) throws IOException {
    return new Signal(
        new RoomName(text(in)),
        new EventName(text(in)),
        bytes ? Content.bytes(part(in)) : Content.json(text(in)),
        text(in),
        text(in),
        optional(in));
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] bytes(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try {
      writing.to(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    part(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void part(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void optional(DataOutputStream out, @Nullable String text) throws IOException {
    out.writeBoolean(text != null);
    if (text != null) {
      text(out, text);
    }
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(part(in), StandardCharsets.UTF_8);
  }

  private static byte[] part(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("length " + length);
    }
    return in.readNBytes(length);
  }

  private static @Nullable String optional(DataInputStream in) throws IOException {
    return in.readBoolean() ? text(in) : null;
  }
}
