package io.carillon.backplane.postgres;

/** How a signal travels; each way keeps its own order. */
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
