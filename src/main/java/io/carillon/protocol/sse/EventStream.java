package io.carillon.protocol.sse;

import io.carillon.core.connection.FrameEncoder;
import io.carillon.protocol.CursorList;
import io.carillon.protocol.StreamFormat;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** {@code text/event-stream}, as a browser's {@code EventSource} reads it. */
public final class EventStream implements StreamFormat {
  /** Name of the protocol, in metrics. */
  public static final String NAME = "sse";

  private final FrameEncoder encoder = new EventStreamEncoder();

  @Override
  public String mediaType() {
    return "text/event-stream";
  }

  @Override
  public FrameEncoder encoder() {
    return encoder;
  }

  @Override
  public byte[] retry(Duration after) {
    return ("retry: " + after.toMillis() + "\n").getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public byte[] position(CursorList at) {
    return ("id: " + at + "\n\n").getBytes(StandardCharsets.US_ASCII);
  }
}
