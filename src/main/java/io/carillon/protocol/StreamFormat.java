package io.carillon.protocol;

import io.carillon.core.connection.FrameEncoder;
import java.time.Duration;

/** Encoding of a one-way stream of deliveries. Stateless and thread-safe. */
public interface StreamFormat {
  /** The media type of the stream. */
  String mediaType();

  /** The one encoder of this format; its frames are {@link StreamFrame}s. */
  FrameEncoder encoder();

  /**
   * The line before the first frame that tells the client how long to wait before it comes back.
   */
  byte[] retry(Duration after);

  /**
   * The end of a frame that tells the client where it is after it. It comes last, so that a reader
   * that was cut in the middle of a frame has not moved past it.
   */
  byte[] position(CursorList at);
}
