package io.carillon.architecture.planted.transport.http;

/** Planted: a class of a transport. */
public record Stream(int id) {}
