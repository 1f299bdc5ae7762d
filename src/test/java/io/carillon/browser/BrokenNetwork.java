package io.carillon.browser;

import java.util.List;

/** Tests that break the network: a browser says so of every request that fails, and may. */
abstract class BrokenNetwork extends TwoVisitors {
  /** For what comes only after a break, with the client's longest waits in it. */
  static final double LONG_MS = 40_000;

  @Override
  List<String> complaintsOf(Visitor visitor) {
    return visitor.complaintsBeyondTheNetwork();
  }
}
