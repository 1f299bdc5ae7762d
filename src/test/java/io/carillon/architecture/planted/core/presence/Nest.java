package io.carillon.architecture.planted.core.presence;

/** Planted: the home of a name that another class has. */
record Nest() {
  record Twin() {}
}
