package io.carillon.transport.poll;

import io.carillon.core.spi.HopOutcome;
import java.net.http.HttpHeaders;
import java.util.Map;

/**
 * Answer to a request that was handed to another instance.
 *
 * @param outcome what became of it; the rest is empty unless it was answered
 * @param status of HTTP
 * @param headers all of the answer
 * @param body the answer's body
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
record HopAnswer(HopOutcome outcome, int status, HttpHeaders headers, byte[] body) {
  private static final HttpHeaders NONE = HttpHeaders.of(Map.of(), (n, v) -> true);

  /** An outcome without an answer. */
  static HopAnswer none(HopOutcome outcome) {
    return new HopAnswer(outcome, 0, NONE, new byte[0]);
  }
}
