package io.carillon.protocol;

import java.util.List;

/**
 * HTTP side of a protocol: single calls with an answer each, at paths of its own. Thread-safe;
 * blocks, so it is called on a virtual thread.
 */
public interface HttpApi {
  /** Where it is, as a servlet is mapped: {@code /apps/*}. */
  List<String> patterns();

  /**
   * Whether a caller needs a credential of ours, checked before; if not, none is looked at and the
   * protocol has its own.
   */
  boolean guarded();

  /** Answers a call. What it throws but refusals is a defect. */
  HttpAnswer answer(HttpCall call);
}
