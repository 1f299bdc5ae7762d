package io.carillon.protocol;

import io.carillon.core.HistoryPage;
import io.carillon.core.connection.FrameEncoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encoding of pages of history and of answers to long polls. Stateless and thread-safe. */
public interface PageFormat {
  /** The media type of a page. */
  String mediaType();

  /** The one encoder of this format; its frames are {@link PageFrame}s. */
  FrameEncoder encoder();

  /** A page of history. */
  String page(HistoryPage page);

  /**
   * The answer of a poll.
   *
   * @param events the JSON of the events, in order
   * @param resyncs the JSON of what could not be continued
   * @param cursor where the reader is after this page
   * @param head where the logs end, as far as the poll was told
   * @param next what to ask for if more is known to wait, or null
   */
  String page(
      List<String> events, List<String> resyncs, String cursor, String head, @Nullable String next);
}
