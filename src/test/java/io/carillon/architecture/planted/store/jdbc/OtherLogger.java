package io.carillon.architecture.planted.store.jdbc;

import java.util.logging.Logger;

/** Planted: writes to another logger than the rest. */
final class OtherLogger {
  private static final Logger LOG = Logger.getLogger("other");

  void say() {
    LOG.info("said");
  }
}
