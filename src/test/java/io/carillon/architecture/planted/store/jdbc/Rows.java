package io.carillon.architecture.planted.store.jdbc;

/** Planted: a class of a store. */
public record Rows(int count) {}
