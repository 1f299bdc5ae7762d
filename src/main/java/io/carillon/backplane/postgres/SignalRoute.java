package io.carillon.backplane.postgres;

/** Way of a signal to the other instances; each route keeps its own order. */
enum SignalRoute {
  /** Inside a notification. */
  INLINE('i'),
  /** By way of the table. */
  LARGE('l');

  private final char mark;

  SignalRoute(char mark) {
    this.mark = mark;
  }

  char mark() {
    return mark;
  }
}
