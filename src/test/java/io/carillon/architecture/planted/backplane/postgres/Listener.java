package io.carillon.architecture.planted.backplane.postgres;

/** Planted: a class of a backplane. */
public record Listener(int id) {}
