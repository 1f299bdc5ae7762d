package io.carillon.architecture.planted.protocol.json;

/** Planted: a protocol. */
public record Codec(String name) {}
