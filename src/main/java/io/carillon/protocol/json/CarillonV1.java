package io.carillon.protocol.json;

import io.carillon.core.connection.Frame;
import io.carillon.core.connection.FrameEncoder;
import io.carillon.protocol.Protocol;
import io.carillon.protocol.TextFrame;
import java.util.List;

/**
 * The protocol {@code carillon.v1}. A message is one JSON object with a {@code type}, or an array
 * of such objects, in both directions.
 */
public final class CarillonV1 implements Protocol {
  /** The name as a sub-protocol, and in {@code welcome}. */
  public static final String NAME = "carillon.v1";

  private final FrameEncoder encoder = new CarillonV1Encoder();
  private final Decoder decoder = new Decoder();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public FrameEncoder encoder() {
    return encoder;
  }

  @Override
  public List<Decoded> decode(String message) {
    return decoder.decode(message);
  }

  @Override
  public List<String> join(List<Frame> frames) {
    if (frames.size() == 1) {
      return List.of(text(frames.getFirst()));
    }
    int length = 1;
    for (Frame frame : frames) {
      length += text(frame).length() + 1;
    }
    StringBuilder out = new StringBuilder(length);
    char before = '[';
    for (Frame frame : frames) {
      out.append(before).append(text(frame));
      before = ',';
    }
    return List.of(out.append(']').toString());
  }

  private static String text(Frame frame) {
    return ((TextFrame) frame).text();
  }
}
