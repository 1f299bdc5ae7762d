package io.carillon.protocol;

import io.carillon.core.RoomName;
import io.carillon.core.connection.Frame;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One frame of a stream as bytes that many streams share. What differs from stream to stream, the
 * end that says where the reader is, stands behind it and is made by {@link StreamFormat#position};
 * readers of one and the same room share it too. Thread-safe.
 */
public final class StreamFrame implements Frame {
  private final byte[] bytes;
  private final List<RoomCursor> positions;

  /** With its position, for who reads its room alone; made when the first of them comes. */
  private volatile byte @Nullable [] alone;

  /**
   * Makes a frame.
   *
   * @param bytes the frame without its position; a frame that changes none is whole without it;
   *     shared, never changed from now on
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

  /** Whether it says where the reader of this room is, and nothing of other rooms. */
  public boolean isOf(RoomName room) {
    return positions.size() == 1 && positions.getFirst().room().equals(room);
  }

  /**
   * Writes the frame and its position to a reader of its room alone.
   *
   * @param format writes the position; always the same for one frame
   */
  public void writeAlone(OutputStream out, StreamFormat format) throws IOException {
    byte[] whole = alone;
    if (whole == null) {
      CursorList position = new CursorList(List.of(positions.getFirst().room()));
      position.advance(positions);
      byte[] end = format.position(position);
      whole = Arrays.copyOf(bytes, bytes.length + end.length);
      System.arraycopy(end, 0, whole, bytes.length, end.length);
      alone = whole;
    }
    out.write(whole);
  }

  /** Writes the frame without its position, which must follow if there is one. */
  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes);
  }

  @Override
  public int size() {
    return bytes.length;
  }
}
