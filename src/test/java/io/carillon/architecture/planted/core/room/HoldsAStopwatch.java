package io.carillon.architecture.planted.core.room;

/** Planted: a stopwatch in core. */
final class HoldsAStopwatch {
  long now() {
    return System.nanoTime();
  }
}
