package io.carillon.transport.websocket;

import java.nio.ByteBuffer;

/**
 * Counts how large the message is that is coming in, frame by frame, as RFC 6455 writes them. Looks
 * at the heads of frames alone and keeps nothing of what is in them. The size of a frame counts as
 * soon as it is announced, so what is too large is known before it is there.
 *
 * <p>For one thread at a time.
 */
final class FrameMeter {
  private static final int FINAL = 0x80;
  private static final int OPCODE = 0x0f;
  private static final int FIRST_CONTROL = 0x08;
  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7f;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;

  private final long mostBytes;
  private final int mostFrames;
  private final byte[] head = new byte[14];
  private int headBytes;
  private long missing;
  private boolean control;
  private boolean last;
  private long bytes;
  private int frames;
  private boolean over;

  /**
   * Begins before the first frame.
   *
   * @param mostBytes of one message
   * @param mostFrames of one message: an empty one costs memory too
   */
  FrameMeter(long mostBytes, int mostFrames) {
    this.mostBytes = mostBytes;
    this.mostFrames = mostFrames;
  }

  /** Goes on with what came in, from its position to its limit, which stay as they are. */
  void read(ByteBuffer input) {
    int at = input.position();
    while (at < input.limit()) {
      if (missing > 0) {
        int part = (int) Math.min(missing, input.limit() - at);
        missing -= part;
        at += part;
        endIfWhole();
      } else {
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
    if (!control) {
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

  /** Whether a message was larger than it may be; stays so. */
  boolean over() {
    return over;
  }

  /**
   * Whether nothing can be done with what came in before more of it is there: a frame or a message
   * has begun, and what ended last is no ping or other control frame.
   */
  boolean wantsMore() {
    return headBytes > 0 || missing > 0 || (frames > 0 && !control);
  }
}
