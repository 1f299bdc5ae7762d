package io.carillon.architecture.planted.protocol;

/** Planted: a package without its mark. */
record NotNullMarked(String name) {}
