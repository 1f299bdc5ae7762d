package io.carillon.socketio;

import java.util.List;

/**
 * Failure of an emit that asks for acknowledgements: not all came in time, or the socket has ended.
 */
public final class MissingAckException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Arguments> answers;

  /**
   * Creates the failure.
   *
   * @param answers the answers that came
   */
  public MissingAckException(String message, List<Arguments> answers) {
    super(message);
    this.answers = List.copyOf(answers);
  }

  /** Answers that came. */
  public List<Arguments> answers() {
    return answers;
  }
}
