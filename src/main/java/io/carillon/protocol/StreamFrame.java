package io.carillon.protocol;

import io.carillon.core.connection.Frame;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * One frame of a stream as bytes that many streams share. What differs from stream to stream, the
 * line that says where the reader is, stands before it and is made by {@link
 * StreamFormat#position}.
 */
public final class StreamFrame implements Frame {
  private final byte[] bytes;
  private final List<RoomCursor> positions;

  /**
   * Makes a frame.
   *
   * @param bytes the frame without its position; shared, never changed from now on
   * @param positions where the reader is after it; empty: the frame changes no position
   */
  public StreamFrame(byte[] bytes, List<RoomCursor> positions) {
    this.bytes = bytes;
    this.positions = List.copyOf(positions);
  }

  /** Where the reader is after it; empty: the frame changes no position. */
  public List<RoomCursor> positions() {
    return positions;
  }

  /** Writes the frame without its position. */
  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes);
  }

  @Override
  public int size() {
    return bytes.length;
  }
}
