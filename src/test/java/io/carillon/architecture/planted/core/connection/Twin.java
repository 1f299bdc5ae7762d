package io.carillon.architecture.planted.core.connection;

/** Planted: a name that another class has. */
record Twin() {}
