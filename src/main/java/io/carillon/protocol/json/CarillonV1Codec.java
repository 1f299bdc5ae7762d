package io.carillon.protocol.json;

import io.carillon.core.CloseCode;
import io.carillon.core.Command;
import io.carillon.core.Delivery;
import io.carillon.core.Reply;
import io.carillon.core.connection.Frame;
import io.carillon.protocol.Codec;
import io.carillon.protocol.Decoded;
import io.carillon.protocol.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The codec of all connections that speak {@code carillon.v1}. Thread-safe; all that it remembers
 * is the array that it joined last, for the next connection that is to be told the same.
 */
final class CarillonV1Codec implements Codec {
  private static final List<Decoded> BYTES =
      List.of(new Decoded.Disconnect(CloseCode.PROTOCOL, "text messages only"));

  private final CarillonV1Encoder encoder;
  private final Decoder decoder = new Decoder();

  /**
   * Readers of one room that are written to together wait for the same frames, most of the time.
   */
  private volatile Array last = new Array(List.of(), List.of());

  /** Frames, each equal to itself alone, and the array of them. */
  private record Array(List<Frame> frames, List<Message> joined) {}

  CarillonV1Codec(CarillonV1Encoder encoder) {
    this.encoder = encoder;
  }

  @Override
  public List<Decoded> opened(Delivery.Welcome welcome) {
    return List.of(new Decoded.Said(encoder.encode(welcome)));
  }

  @Override
  public List<Decoded> decode(Message message) {
    return switch (message) {
      case Message.Text text -> decoder.decode(text.text());
      case Message.Bytes bytes -> BYTES;
    };
  }

  @Override
  public Frame encode(Reply reply, @Nullable Command command) {
    return encoder.encode(reply);
  }

  @Override
  public List<Message> join(List<Frame> frames) {
    if (frames.size() == 1) {
      return List.of(text(frames.getFirst()));
    }
    Array known = last;
    if (!known.frames.equals(frames)) {
      known = new Array(List.copyOf(frames), List.of(array(frames)));
      last = known;
    }
    return known.joined;
  }

  private static Message.Text array(List<Frame> frames) {
    int length = 1;
    int size = 1;
    for (Frame frame : frames) {
      length += text(frame).text().length() + 1;
      size += frame.size() + 1;
    }
    StringBuilder out = new StringBuilder(length);
    char before = '[';
    for (Frame frame : frames) {
      out.append(before).append(text(frame).text());
      before = ',';
    }
    return new Message.Text(out.append(']').toString(), size);
  }

  private static Message.Text text(Frame frame) {
    return (Message.Text) frame;
  }
}
