package io.carillon.architecture.planted.core.room;

/** Planted: what the others know. */
public record Room(String name) {}
