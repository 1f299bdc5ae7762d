package io.carillon.protocol;

import io.carillon.core.Identity;
import java.util.List;

/** One link as its own codec sees it, for what is not the answer to a message. Thread-safe. */
public interface LinkControl {
  /**
   * Acts upon parts behind those of the messages that wait already. Returns at once, perhaps after
   * the parts that need not wait were acted upon on the caller's thread.
   *
   * @return false: the link is over, nothing is done; one that takes no more is closed
   */
  boolean act(List<Decoded> parts);

  /** Whether the peer reads: at most half of its send queue is used. */
  boolean roomy();

  /** Whose the connection is by now. */
  Identity identity();
}
