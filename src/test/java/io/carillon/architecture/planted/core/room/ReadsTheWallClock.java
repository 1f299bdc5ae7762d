package io.carillon.architecture.planted.core.room;

/** Planted: a clock that was not handed in. */
final class ReadsTheWallClock {
  long now() {
    return System.currentTimeMillis();
  }
}
