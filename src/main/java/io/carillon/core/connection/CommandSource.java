package io.carillon.core.connection;

import io.carillon.core.Command;
import io.carillon.core.Reply;

/** Peer of a two-way link, as what carries out its commands sees it. Thread-safe. */
public interface CommandSource {
  /** Its connection. */
  Connection connection();

  /** The bound on its publishes that wait for their commit. */
  PublishBudget publishes();

  /**
   * Answers a command. A peer that asks on but does not read its answers is closed.
   *
   * @param command what is answered
   */
  void reply(Command command, Reply reply);
}
