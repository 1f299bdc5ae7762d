package io.carillon.core.connection;

/**
 * One delivery or reply in some encoding; immutable and shared between connections. Only the
 * encoder that made it and the sinks that go with that encoder look inside.
 */
public interface Frame {
  /** Its size on the wire in bytes, nearly. */
  int size();
}
