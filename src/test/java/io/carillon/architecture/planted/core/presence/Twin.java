package io.carillon.architecture.planted.core.presence;

/** Planted: a name that another class has. */
record Twin() {}
