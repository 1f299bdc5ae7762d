package io.carillon.backplane.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** Opener of connections for the backplane, outside every pool. */
@FunctionalInterface
public interface Connector {
  /**
   * Opens a new connection straight to the primary: no pool and no proxy that shares sessions, for
   * a LISTEN would be lost in them. Bounds its own time (connect and log-in within some seconds).
   * The caller closes it.
   */
  Connection open() throws SQLException;
}
