package io.carillon.transport.websocket;

import java.nio.ByteBuffer;

/**
 * Meter of incoming messages, frame by frame (RFC 6455, sections 5.2 and 5.4): their size, and
 * whether each continues the message that is open, if one is. It parses the headers of frames alone
 * and keeps no content. The size of a frame counts as soon as its header is there, so a message
 * that is too large is known before it has arrived.
 *
 * <p>For one thread at a time.
 */
final class FrameMeter {
  /** Of {@link #outOfPlace()}: there is no such frame. */
  static final int NOWHERE = -1;

  private static final int FINAL = 0x80;
  private static final int OPCODE = 0x0f;
  private static final int FIRST_CONTROL = 0x08;
  private static final int PING = 0x09;
  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7f;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;

  private final long mostBytes;
  private final int mostFrames;
  private final Runnable pinged;
  private final byte[] head = new byte[14];
  private int headBytes;
  private int headAt;
  private int outOfPlace = NOWHERE;
  private long missing;
  private boolean control;
  private boolean last;
  private long bytes;
  private int frames;
  private boolean over;

  /**
   * Creates a meter that stands before the first frame.
   *
   * @param mostBytes maximum size of a message
   * @param mostFrames maximum number of frames of a message; an empty one takes memory too
   * @param pinged told of each ping; must be short
   */
  FrameMeter(long mostBytes, int mostFrames, Runnable pinged) {
    this.mostBytes = mostBytes;
    this.mostFrames = mostFrames;
    this.pinged = pinged;
  }

  /**
   * Reads input from its position to its limit, which stay as they are; position 0 is that of a new
   * buffer.
   */
  void read(ByteBuffer input) {
    int at = input.position();
    if (at == 0 && headBytes > 0) {
      headAt = NOWHERE;
    }
    while (at < input.limit()) {
      if (missing > 0) {
        int part = (int) Math.min(missing, input.limit() - at);
        missing -= part;
        at += part;
        endIfWhole();
      } else {
        if (headBytes == 0) {
          headAt = at;
        }
        head[headBytes] = input.get(at);
        headBytes++;
        at++;
        if (headBytes >= 2 && headBytes == headSize()) {
          begin();
        }
      }
    }
  }

  private int headSize() {
    int length = head[1] & LENGTH;
    int extended = length == TWO_BYTES ? 2 : length == EIGHT_BYTES ? 8 : 0;
    return 2 + extended + ((head[1] & MASKED) == 0 ? 0 : 4);
  }

  private void begin() {
    headBytes = 0;
    missing = length();
    last = (head[0] & FINAL) != 0;
    control = (head[0] & OPCODE) >= FIRST_CONTROL;
    if ((head[0] & OPCODE) == PING) {
      pinged.run();
    }
    if (!control) {
      boolean continues = (head[0] & OPCODE) == 0;
      if (continues == (frames == 0) && outOfPlace == NOWHERE) {
        outOfPlace = headAt;
        over |= headAt == NOWHERE;
      }
      frames++;
      bytes = missing < 0 || missing > mostBytes ? mostBytes + 1 : bytes + missing;
      over |= bytes > mostBytes || frames > mostFrames;
    }
    endIfWhole();
  }

  private long length() {
    int length = head[1] & LENGTH;
    ByteBuffer extended = ByteBuffer.wrap(head);
    return switch (length) {
      case TWO_BYTES -> extended.getShort(2) & 0xffff;
      case EIGHT_BYTES -> extended.getLong(2);
      default -> length;
    };
  }

  private void endIfWhole() {
    if (missing <= 0 && !control && last) {
      bytes = 0;
      frames = 0;
    }
  }

  /** Whether a message was too large; stays so. */
  boolean over() {
    return over;
  }

  /**
   * Index in the input, as it was when it came, of the first frame that continues no message, or
   * begins one within another; {@link #NOWHERE}: there was none, or its first byte was in an
   * earlier buffer, and then {@link #over()}.
   */
  int outOfPlace() {
    return outOfPlace;
  }

  /**
   * Whether the input so far is of no use without more: a frame or a message is incomplete, and the
   * last complete frame is no control frame.
   */
  boolean wantsMore() {
    return headBytes > 0 || missing > 0 || (frames > 0 && !control);
  }
}
